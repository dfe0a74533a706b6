//! Every rule is necessary: without it the search finds a run that breaks an invariant.
use model::flaws;
use model::protocol::{Flaw, Protocol};
use model::report::{break_property, check};

#[test]
fn each_flaw_breaks_its_invariant() {
    for flaws::Broken { flaw, property, size } in flaws::all_flaws() {
        let steps = break_property(&Protocol { size, flaw }, property);
        let steps = steps.unwrap_or_else(|| panic!("{flaw:?} does not break \"{property}\""));
        println!("{flaw:?} breaks \"{property}\":\n  {}", steps.join("\n  "));
    }
}

#[test]
fn where_a_flaw_is_caught_the_protocol_holds() {
    for flawed in flaws::all_flaws() {
        let outcome = check(Protocol::new(flawed.size));
        println!("{}", outcome.row(&format!("{:?}", flawed.flaw)));
        assert!(outcome.broken.is_empty(), "{}", outcome.row("broken"));
    }
}

#[test]
fn every_flaw_is_listed_once() {
    let all = flaws::all_flaws();
    let listed: Vec<Flaw> = all.iter().map(|b| b.flaw).collect();
    assert!(!listed.contains(&Flaw::None));
    for (i, flaw) in listed.iter().enumerate() {
        assert_eq!(listed.iter().position(|f| f == flaw), Some(i));
    }
}
