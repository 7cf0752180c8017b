use proptest::prelude::*;
use url::Url;

use super::column::Column;
use super::order::{By, Order};
use super::rows::Rows;
use crate::event::{Because, Event, Fact, Moment, RequestId, Stage, Verdict};
use crate::message::Method;
use crate::model::Model;
use crate::query::Filter;

/// What happens to a run: a request joins it, grows or ends.
#[derive(Clone, Copy, Debug)]
enum Step {
    Plan(u8),
    Grow(u8, u16),
    End(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        any::<u8>().prop_map(Step::Plan),
        (any::<u8>(), any::<u16>()).prop_map(|(request, bytes)| Step::Grow(request, bytes)),
        any::<u8>().prop_map(Step::End),
    ];
    prop::collection::vec(step, 0..200)
}

fn apply(model: &mut Model, step: Step, at: u64) {
    let count = u32::try_from(model.requests().len()).unwrap();
    let one = |n: u8| RequestId(u32::from(n) % count.max(1) + 1);
    let fact = match step {
        Step::Plan(n) => Fact::RequestPlanned {
            request: RequestId(count + 1),
            method: Method::get(),
            url: Url::parse(&format!("http://a.test/{}", n % 8))
                .unwrap()
                .into(),
            because: Because::Typed,
            credentials: crate::message::Credentials::default(),
            priority: crate::message::Priority::default(),
        },
        Step::Grow(n, bytes) => Fact::BodyGrew {
            request: one(n),
            bytes: u64::from(bytes % 16),
        },
        Step::End(n) => Fact::RequestEnded {
            request: one(n),
            verdict: Verdict::Answered,
        },
    };
    let at = Moment(at);
    model.apply(&Event { at, fact });
}

fn shown(rows: &Rows, model: &Model) -> Vec<u32> {
    let all = (0..rows.count(model)).filter_map(|row| rows.row(row, model));
    all.map(|request| request.id.0).collect()
}

/// Looks at all there is, some at a time.
fn all(rows: &mut Rows, model: &Model) {
    rows.refresh(model);
    while rows.is_behind(model) {
        rows.refresh(model);
    }
}

fn orders() -> impl Strategy<Value = Order> {
    let by = prop_oneof![
        Just(By::Column(Column::Number)),
        Just(By::Column(Column::Name)),
        Just(By::Column(Column::Size)),
        Just(By::Column(Column::Time)),
        Just(By::Column(Column::End)),
        Just(By::Stage(Stage::Wait)),
    ];
    (by, any::<bool>()).prop_map(|(by, is_reversed)| Order { by, is_reversed })
}

proptest! {
    #[test]
    fn rows_kept_up_are_rows_made_anew(
        steps in steps(),
        every in 1_usize..40,
        order in orders(),
        filter in prop_oneof![Just(""), Just("is:running"), Just("larger-than:7"), Just("-/[0-3]/")],
    ) {
        let mut model = Model::default();
        let mut kept = Rows::default();
        kept.sort_by(order);
        kept.filter_by(Filter::read(filter).unwrap());
        for (n, step) in steps.iter().enumerate() {
            apply(&mut model, *step, 10 * n as u64);
            if n % every != 0 {
                continue;
            }
            kept.refresh(&model);
            if n % 3 == 0 {
                all(&mut kept, &model);
            }
            if kept.is_behind(&model) {
                continue;
            }
            let mut anew = Rows::default();
            anew.sort_by(order);
            anew.filter_by(Filter::read(filter).unwrap());
            all(&mut anew, &model);
            prop_assert_eq!(shown(&kept, &model), shown(&anew, &model));
            for row in 0..kept.count(&model) {
                let request = kept.row(row, &model).unwrap();
                prop_assert_eq!(kept.row_of(request.id, &model), Some(row));
            }
            for request in model.requests() {
                let near = kept.row_near(request.id, &model);
                prop_assert!(near <= kept.count(&model));
            }
        }
    }
}

#[test]
fn what_is_not_over_comes_last_whichever_way_round() {
    let mut model = Model::default();
    for n in 0..4 {
        apply(&mut model, Step::Plan(n), u64::from(n));
    }
    apply(&mut model, Step::End(1), 50);
    apply(&mut model, Step::End(3), 60);
    let mut rows = Rows::default();
    let mut sorted = |is_reversed| {
        let by = By::Column(Column::End);
        rows.sort_by(Order { by, is_reversed });
        rows.refresh(&model);
        shown(&rows, &model)
    };
    assert_eq!(sorted(false), [2, 4, 1, 3]);
    assert_eq!(sorted(true), [4, 2, 1, 3]);
}

#[test]
fn another_run_has_rows_of_its_own() {
    let (mut long, mut short) = (Model::default(), Model::default());
    for n in 0..6 {
        apply(&mut long, Step::Plan(n), 1);
    }
    apply(&mut short, Step::Plan(7), 1);
    let mut rows = Rows::default();
    rows.filter_by(Filter::read("a.test").unwrap());
    rows.refresh(&long);
    assert_eq!(rows.count(&long), 6);
    rows.refresh(&short);
    assert_eq!(rows.count(&short), 1);
}
