//! Colours can be told apart: by everybody, and from the paper that they are on.
//!
//! Distances are Euclidean in Oklab; who sees no red or no green is simulated as Machado, Oliveira
//! and Fernandes (2009) have it, at full strength.

use netwaterfall::event::Tone;
use netwaterfall::ui::Theme;
use ratatui::style::{Color, Style};

const TONES: [Tone; 8] = [
    Tone::Idle,
    Tone::Lookup,
    Tone::Setup,
    Tone::Secure,
    Tone::Out,
    Tone::Think,
    Tone::In,
    Tone::Failed,
];

/// A colour as amounts of light, red, green and blue, from 0 to 1.
type Light = [f64; 3];

type Sight = [[f64; 3]; 3];

const EVERYTHING: Sight = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
const NO_RED: Sight = [
    [0.152_286, 1.052_583, -0.204_868],
    [0.114_503, 0.786_281, 0.099_216],
    [-0.003_882, -0.048_116, 1.051_998],
];
const NO_GREEN: Sight = [
    [0.367_322, 0.860_646, -0.227_968],
    [0.280_085, 0.672_501, 0.047_413],
    [-0.011_820, 0.042_940, 0.968_881],
];

/// A colour of xterm's 256.
fn light(colour: Color) -> Light {
    let Color::Indexed(number @ 16..) = colour else {
        panic!("{colour:?} looks different on every terminal");
    };
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let cube = number.checked_sub(16).unwrap();
    let bytes = match number {
        232.. => [8 + 10 * (number - 232); 3],
        _ => [cube / 36, cube / 6 % 6, cube % 6].map(level),
    };
    bytes.map(linear)
}

fn linear(byte: u8) -> f64 {
    let share = f64::from(byte) / 255.0;
    if share <= 0.040_45 {
        share / 12.92
    } else {
        ((share + 0.055) / 1.055).powf(2.4)
    }
}

fn product(matrix: &Sight, [x, y, z]: Light) -> Light {
    matrix.map(|[a, b, c]| a * x + b * y + c * z)
}

fn seen(sight: &Sight, light: Light) -> Light {
    product(sight, light).map(|share| share.clamp(0.0, 1.0))
}

/// <https://bottosson.github.io/posts/oklab/>
fn oklab(light: Light) -> Light {
    let cones = [
        [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
        [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
        [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
    ];
    let axes = [
        [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
        [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
        [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
    ];
    product(&axes, product(&cones, light).map(f64::cbrt))
}

fn distance(a: Light, b: Light) -> f64 {
    let pairs = a.into_iter().zip(b);
    pairs.map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// WCAG 2.2, "contrast ratio".
fn contrast(ink: Light, paper: Light) -> f64 {
    let luminance = |[red, green, blue]: Light| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (ink, paper) = (luminance(ink) + 0.05, luminance(paper) + 0.05);
    (ink / paper).max(paper / ink)
}

const BLACK: Light = [0.0; 3];
const WHITE: Light = [1.0; 3];

fn coloured() -> [(Theme, Light, f64); 2] {
    // On white there are fewer colours that are dark enough.
    [(Theme::night(), BLACK, 0.12), (Theme::day(), WHITE, 0.08)]
}

#[test]
fn no_two_tones_look_alike_to_anybody() {
    for (theme, _, least) in coloured() {
        for (sight, who) in [
            (EVERYTHING, "all"),
            (NO_RED, "no red"),
            (NO_GREEN, "no green"),
        ] {
            let look = |tone: Tone| oklab(seen(&sight, light(theme.tone(tone))));
            for (place, a) in TONES.iter().enumerate() {
                for b in TONES.iter().skip(place + 1) {
                    let far = distance(look(*a), look(*b));
                    assert!(far >= least, "{who}: {a:?} and {b:?} are {far:.3} apart");
                }
            }
        }
    }
}

/// Bars need 3 to 1 (WCAG 1.4.11), text 4.5 to 1 (WCAG 1.4.3).
#[test]
fn everything_stands_out_from_the_paper() {
    for (theme, paper, _) in coloured() {
        for tone in TONES {
            let ratio = contrast(light(theme.tone(tone)), paper);
            assert!(ratio >= 3.0, "{tone:?}: {ratio:.2}");
        }
        let styles: [Style; 5] = [
            theme.quiet(),
            theme.accent(),
            theme.bad(),
            theme.warning(),
            theme.good(),
        ];
        for style in styles {
            let ratio = contrast(light(style.fg.unwrap()), paper);
            assert!(ratio >= 4.5, "{style:?}: {ratio:.2}");
        }
    }
}

#[test]
fn two_colours_that_look_alike_are_noticed() {
    let look = |number, sight: &Sight| oklab(seen(sight, light(Color::Indexed(number))));
    // A red and a green that differ by their hue alone.
    let (red, green) = (131, 64);
    let to_all = distance(look(red, &EVERYTHING), look(green, &EVERYTHING));
    let to_some = distance(look(red, &NO_RED), look(green, &NO_RED));
    let to_others = distance(look(red, &NO_GREEN), look(green, &NO_GREEN));
    assert!(to_all > 0.2, "{to_all:.3}");
    assert!(to_some.min(to_others) < 0.08, "{to_some:.3} {to_others:.3}");
}
