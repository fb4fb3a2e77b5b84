//! When frames are drawn.

use std::time::{Duration, Instant};

use xpert::ui::shell::frames::{Change, Frames};

fn after(begun: Instant, milliseconds: u64) -> Instant {
    begun + Duration::from_millis(milliseconds)
}

#[test]
fn nothing_is_drawn_where_nothing_changed() {
    let begun = Instant::now();
    let mut frames = Frames::new(begun);
    assert_eq!(frames.left(begun), Some(Duration::ZERO), "the first frame is due at once");
    frames.drawn(begun);
    assert_eq!(frames.left(after(begun, 5000)), None);
}

#[test]
fn reports_wait_for_the_next_frame_and_keys_hardly() {
    let begun = Instant::now();
    let mut frames = Frames::new(begun);
    frames.drawn(begun);
    frames.note(Change::Reported);
    assert!(frames.left(after(begun, 5)).unwrap() > Duration::from_millis(25));
    frames.note(Change::Asked);
    frames.note(Change::Reported);
    assert!(frames.left(after(begun, 5)).unwrap() <= Duration::from_millis(3), "a report does not slow a key down");
}

#[test]
fn late_frames_do_not_lower_the_rate() {
    let begun = Instant::now();
    let (mut frames, mut now, mut drawn) = (Frames::new(begun), begun, 0);
    while now < after(begun, 1000) {
        frames.note(Change::Reported);
        // The system wakes the thread some milliseconds late.
        now += frames.left(now).unwrap() + Duration::from_millis(4);
        frames.drawn(now);
        drawn += 1;
    }
    assert!((29..=31).contains(&drawn), "{drawn} frames in a second");
}
