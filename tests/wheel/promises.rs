//! What the documentation of the wheel promises, one sentence at a time.

use activity_execution::Wheel;

fn fired(wheel: &mut Wheel, now: u64) -> Vec<u32> {
    let mut expired = Vec::new();
    wheel.advance(now, &mut expired);
    expired
}

#[test]
fn timers_of_one_instant_fire_in_the_order_of_their_keys() {
    let mut wheel = Wheel::new();
    for key in [400, 17, 3, 18, 256] {
        wheel.set(key, 1_000);
    }
    wheel.set(5, 999);
    assert_eq!(fired(&mut wheel, 1_000), [5, 3, 17, 18, 256, 400]);
}

#[test]
fn a_jump_fires_what_it_passes_in_the_order_of_deadlines() {
    let mut wheel = Wheel::new();
    let deadlines = [u64::MAX, 1, 1 << 63, 5_000, u64::MAX - 1, 315_360_000_000, 2];
    for (&at, key) in deadlines.iter().zip(0..) {
        wheel.set(key, at);
    }
    assert_eq!(fired(&mut wheel, u64::MAX), [1, 6, 3, 5, 2, 4, 0]);
    assert_eq!(wheel.next_expiration(), None);
}

/// So many keys have one level of nodes more than the keys of most tests.
#[test]
fn timers_of_one_instant_fire_in_the_order_of_their_keys_however_many_there_are() {
    let mut wheel = Wheel::with_capacity(1_200_000);
    let keys = [1_150_003_u32, 1_150_002, 1_100_000, 524_288, 524_287, 262_144, 131_072, 100_001];
    for (at, key) in [5, 9].into_iter().flat_map(|at| keys.map(|key| (at, key + at as u32))) {
        wheel.set(key, at);
    }
    let mut expired = Vec::new();
    for now in [5, 9] {
        expired.clear();
        wheel.advance(now, &mut expired);
        let mut sorted = expired.clone();
        sorted.sort_unstable();
        assert_eq!((expired.len(), &expired), (keys.len(), &sorted), "at {now}");
    }
}

#[test]
fn an_earlier_instant_does_nothing() {
    let mut wheel = Wheel::new();
    assert!(fired(&mut wheel, 100).is_empty());
    wheel.set(0, 50);
    assert!(fired(&mut wheel, 99).is_empty());
    assert_eq!(fired(&mut wheel, 100), [0]);
}

#[test]
fn a_heartbeat_hides_its_timer_until_the_new_deadline() {
    let mut wheel = Wheel::with_capacity(100);
    for key in 0..100 {
        wheel.set(key, 10 + u64::from(key));
    }
    for key in 0..100 {
        wheel.set(key, 1_000 + u64::from(key));
    }
    assert!(fired(&mut wheel, 999).is_empty());
    assert_eq!(wheel.next_expiration(), Some(1_000));
    assert_eq!(fired(&mut wheel, 1_001), [0, 1]);
}

#[test]
fn the_earliest_deadline_is_exact_whatever_is_stale() {
    let mut wheel = Wheel::with_capacity(10_000);
    for key in 0..10_000 {
        wheel.set(key, 1_000 + u64::from(key));
    }
    for key in 0..9_999 {
        wheel.set(key, 60_000);
    }
    assert_eq!(wheel.next_expiration(), Some(1_000));
    assert_eq!(wheel.earliest(), Some(10_999));
    assert_eq!(wheel.next_expiration(), Some(10_999));
}

#[test]
fn every_advance_puts_two_stale_claims_right() {
    let mut wheel = Wheel::with_capacity(64);
    for key in 0..64 {
        wheel.set(key, 100 + u64::from(key / 16));
    }
    for key in 0..64 {
        wheel.set(key, 1_000);
    }
    let bounds = [1, 2, 3].map(|now| {
        assert!(fired(&mut wheel, now).is_empty());
        wheel.next_expiration()
    });
    assert_eq!(bounds, [Some(102), Some(1_000), Some(1_000)]);
}

#[test]
fn endless_churn_holds_no_more_memory_than_the_first_timer_of_each_key() {
    let mut wheel = Wheel::with_capacity(1_000);
    let bytes = wheel.bytes();
    let mut expired = Vec::new();
    for round in 0..2_000u64 {
        for key in 0..1_000 {
            let ahead = 1 + (round * 7_919 + u64::from(key) * 104_729) % 100_000;
            wheel.set(key, round * 10 + ahead);
            if (round + u64::from(key)) % 3 == 0 {
                wheel.clear(key);
            }
        }
        wheel.advance(round * 10, &mut expired);
        expired.clear();
    }
    assert_eq!(wheel.bytes(), bytes);
    assert!(bytes < 10 * 1_000 + 1_000, "{bytes} bytes");
}

#[test]
fn a_wheel_grows_with_its_keys_and_loses_nothing() {
    let mut wheel = Wheel::new();
    assert!(wheel.bytes() < 200);
    for key in (0..20_000).rev().step_by(777) {
        wheel.set(key, u64::from(key));
    }
    wheel.clear(u32::MAX);
    assert!(wheel.capacity() >= 20_000);
    let expected: Vec<u32> = (0..20_000).rev().step_by(777).collect();
    assert!(fired(&mut wheel, 20_000).iter().eq(expected.iter().rev()));
}

/// Memory for each key, in hundredths of a byte, after these keys were set in this order.
fn bytes_a_key(keys: impl Iterator<Item = u32>) -> usize {
    let mut wheel = Wheel::new();
    let mut count = 0;
    for key in keys {
        wheel.set(key, 1);
        count += 1;
    }
    wheel.bytes() * 100 / count
}

#[test]
fn memory_goes_by_the_highest_key_in_whichever_order_keys_come() {
    for keys in [1_000, 10_000, 65_536, 65_537, 100_000, 131_073, 300_000] {
        let descending = bytes_a_key((0..keys).rev());
        let highest_first = bytes_a_key([keys - 1].into_iter().chain(0..keys - 1));
        assert_eq!(descending, highest_first);
        // Twelve hundredths of the bytes are the claims; a small wheel is not full.
        assert!((875..=990).contains(&descending), "{keys}: {descending}");
        let ascending = bytes_a_key(0..keys);
        let strided = bytes_a_key((0..keys).map(|key| key * 7_919 % keys));
        let most = descending * 5 / 4 + 30;
        assert!((descending..=most).contains(&ascending), "{keys}: {ascending} of {descending}");
        assert!((descending..=most).contains(&strided), "{keys}: {strided} of {descending}");
    }
}

/// Room is asked for level by level: what is refused leaves no trace.
#[test]
fn what_no_memory_is_for_is_refused_and_changes_nothing() {
    let mut wheel = Wheel::new();
    wheel.set(5, 50);
    let before = wheel.clone();
    let refused = wheel.try_reserve(usize::MAX).expect_err("no machine has that");
    assert_eq!(refused.key(), u32::MAX);
    assert_eq!(wheel, before);
    assert_eq!(wheel.try_set(6, 40), Ok(()));
    assert_eq!(wheel.try_set(100_000, u64::MAX), Ok(()));
    assert_eq!(wheel.try_reserve(0), Ok(()));
    assert_eq!(fired(&mut wheel, u64::MAX), [6, 5, 100_000]);
}

/// The other side of the test below: this process has little memory.
const LITTLE_MEMORY: &str = "WHEEL_WITH_LITTLE_MEMORY";

/// In a process of its own, which is given no more than 2 GB.
#[cfg(unix)]
#[test]
fn the_highest_key_of_all_is_an_error_where_memory_is_scarce() {
    if std::env::var_os(LITTLE_MEMORY).is_some() {
        let mut wheel = Wheel::new();
        wheel.set(7, 70);
        let before = wheel.clone();
        for at in [1, u64::MAX] {
            let refused = wheel.try_set(u32::MAX, at).expect_err("it needs 35 GiB");
            assert_eq!(refused.key(), u32::MAX);
            let said = refused.to_string();
            assert!(said.contains("4294967295") && said.contains("36863 MiB"), "{said}");
            assert_eq!(wheel, before);
        }
        let panics = std::panic::catch_unwind(move || wheel.set(u32::MAX, 1));
        assert!(panics.is_err(), "it says so, and does not abort");
        return;
    }
    let this = std::env::current_exe().expect("a test is a program");
    let name = "promises::the_highest_key_of_all_is_an_error_where_memory_is_scarce";
    let ran = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 2000000 && exec \"$0\" --exact \"$1\" --nocapture"])
        .arg(this)
        .arg(name)
        .env(LITTLE_MEMORY, "1")
        .output()
        .expect("there is a shell");
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && told.contains("1 passed"), "{told}{ran:?}");
}
