use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, imageops::FilterType,
};

/// As wide and as high as a picture may be.
const MOST_PIXELS: u32 = 16_384;
/// As much memory as its decoding may take.
const MOST_MEMORY: u64 = 192 << 20;

/// What is known of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Such as PNG.
    pub format: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// How its colours are kept, such as `Rgba8`.
    pub colours: String,
    /// The picture, or why there is none.
    pub pixels: Result<Pixels, BadPicture>,
}

/// Why a picture cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it cannot be decoded: {0}")]
pub struct BadPicture(String);

/// A decoded picture.
#[derive(Clone)]
pub struct Pixels(Arc<DynamicImage>);

/// A picture in half blocks: for each cell the colour of its upper and its lower half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// In cells.
    pub columns: u16,
    /// The cells, row by row.
    pub cells: Vec<([u8; 3], [u8; 3])>,
}

impl Picture {
    /// Reads a picture of a known format; nothing if it is none.
    ///
    /// What it would take is asked before it is decoded: a small file may claim a large picture.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let format = image::guess_format(bytes).ok()?;
        let name = name(format)?;
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        limits.max_image_width = Some(MOST_PIXELS);
        limits.max_image_height = Some(MOST_PIXELS);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits.clone());
        let bad = |error: image::ImageError| BadPicture(error.to_string());
        let (mut width, mut height, mut colours) = (0, 0, String::new());
        let pixels = reader.into_decoder().map_err(bad).and_then(|mut decoder| {
            (width, height) = decoder.dimensions();
            colours = format!("{:?}", decoder.color_type());
            decoder.set_limits(limits).map_err(bad)?;
            let most = decoder.total_bytes();
            if most > MOST_MEMORY {
                let words = format!("its pixels would take {} MiB", most >> 20);
                return Err(BadPicture(words));
            }
            DynamicImage::from_decoder(decoder).map_err(bad)
        });
        Some(Self {
            format: name,
            width,
            height,
            colours,
            pixels: pixels.map(|image| Pixels(Arc::new(image))),
        })
    }
}

impl Pixels {
    /// The picture itself.
    pub fn image(&self) -> &DynamicImage {
        &self.0
    }

    /// The picture as a PNG that fits into so many pixels, never larger than it is, and its size.
    pub fn png(&self, most: (u32, u32)) -> Option<(Vec<u8>, (u32, u32))> {
        let (width, height) = (most.0.max(1), most.1.max(1));
        let small;
        let image = if self.0.width() <= width && self.0.height() <= height {
            &*self.0
        } else {
            small = self.0.resize(width, height, FilterType::Triangle);
            &small
        };
        let mut png = Vec::new();
        let mut out = Cursor::new(&mut png);
        // Kitty knows eight bits a channel.
        let plain = DynamicImage::from(image.to_rgba8());
        plain.write_to(&mut out, ImageFormat::Png).ok()?;
        Some((png, (image.width(), image.height())))
    }

    /// The picture in half blocks, as large as it fits into so many cells, never larger than it is.
    pub fn blocks(&self, columns: u16, rows: u16) -> Blocks {
        let (width, height) = (self.0.width().max(1), self.0.height().max(1));
        let (most_wide, most_high) = (u32::from(columns.max(1)), 2 * u32::from(rows.max(1)));
        let image = if width <= most_wide && height <= most_high {
            self.0.to_rgba8()
        } else {
            let small = self.0.resize(most_wide, most_high, FilterType::Triangle);
            small.to_rgba8()
        };
        let width = image.width().max(1);
        let ink = |x: u32, y: u32| {
            image
                .get_pixel_checked(x, y)
                .map_or([0; 3], |pixel| over(pixel.0))
        };
        let rows = 0..image.height().div_ceil(2);
        let cells = rows.flat_map(|row| (0..width).map(move |x| (x, 2 * row)));
        Blocks {
            columns: u16::try_from(width).unwrap_or(columns),
            cells: cells.map(|(x, y)| (ink(x, y), ink(x, y + 1))).collect(),
        }
    }
}

impl Blocks {
    /// In cells.
    pub fn rows(&self) -> u16 {
        let rows = self.cells.len() / usize::from(self.columns.max(1));
        u16::try_from(rows).unwrap_or(u16::MAX)
    }
}

/// What is seen through is dark.
fn over([r, g, b, alpha]: [u8; 4]) -> [u8; 3] {
    [r, g, b].map(|part| {
        let seen = u16::from(part) * u16::from(alpha) / 255;
        u8::try_from(seen).unwrap_or(u8::MAX)
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "other formats are not built in"
)]
const fn name(format: ImageFormat) -> Option<&'static str> {
    Some(match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Gif => "GIF",
        ImageFormat::WebP => "WebP",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Ico => "ICO",
        _ => return None,
    })
}

/// Pictures are large: only their size is of use in a debug line.
impl fmt::Debug for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {} pixels", self.0.width(), self.0.height())
    }
}

/// The same picture, not one that looks the same.
impl PartialEq for Pixels {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Pixels {}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image = image::RgbaImage::from_fn(width, height, |x, y| {
            image::Rgba([
                u8::try_from(x % 256).unwrap(),
                u8::try_from(y % 256).unwrap(),
                200,
                255,
            ])
        });
        let mut to = Cursor::new(&mut bytes);
        image.write_to(&mut to, ImageFormat::Png).unwrap();
        bytes
    }

    #[test]
    fn a_picture_is_known_and_fits_into_cells() {
        let picture = Picture::read(&png(40, 20)).unwrap();
        assert_eq!(
            (picture.format, picture.width, picture.height),
            ("PNG", 40, 20)
        );
        assert_eq!(picture.colours, "Rgba8");
        let pixels = picture.pixels.unwrap();
        let blocks = pixels.blocks(10, 10);
        assert_eq!(
            (blocks.columns, blocks.rows()),
            (10, 3),
            "its shape is kept"
        );
        let whole = pixels.blocks(100, 100);
        assert_eq!(
            (whole.columns, whole.rows()),
            (40, 10),
            "it is not made larger"
        );
        assert_eq!(whole.cells[41], ([1, 2, 200], [1, 3, 200]));
    }

    #[test]
    fn a_picture_that_is_cut_or_too_large_says_so() {
        let whole = png(40, 20);
        let cut = Picture::read(&whole[..60]).unwrap();
        assert_eq!(
            (cut.width, cut.height),
            (40, 20),
            "what its head says is known"
        );
        assert!(cut.pixels.is_err());
        let mut bomb = whole;
        bomb[16..24].copy_from_slice(&[0, 0, 0x3f, 0xff, 0, 0, 0x3f, 0xff]);
        let bomb = Picture::read(&bomb).unwrap();
        assert!(bomb.pixels.is_err());
        assert_eq!(Picture::read(b"plain"), None);
    }
}
