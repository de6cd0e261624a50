use super::*;
use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};

fn read(text: &str, order: Option<DateOrder>) -> Result<String, DateError> {
    parse(text, order, &Zone::utc()).map(crate::iso8601::format)
}

#[test]
fn dates_are_read_in_the_forms_of_the_tools() {
    let half_past_seven = "2026-10-05T19:12:44.000Z";
    for text in [
        "2026-10-05T19:12:44Z",
        "2026-10-05t19:12:44z",
        "2026-10-05 19:12:44",
        "2026-10-05 19:12:44 UTC",
        "2026-10-05 19:12:44 GMT",
        "2026-10-05 21:12:44 +0200",
        "2026-10-05 21:12:44+02",
        "2026-10-05T21:12:44.000+02:00",
        "2026-10-06T00:42:44+05:30",
        "2026/10/05 9:12:44 PM GMT+2",
        "2026/10/05 8:12:44 PM GMT+1",
        "2026/10/05 2:12:44 PM GMT-5",
        "2026/10/06 12:42:44 AM GMT+5:30",
        "2026/10/05 9:12:44\u{202f}PM UTC+02:00",
        "5.10.2026 19:12:44",
        "05.10.2026, 19:12:44",
        "10/05/2026 07:12:44 PM",
        "10/5/2026 19:12:44",
        "Oct 5, 2026 7:12:44 PM",
        "2026/10/05 3:12:44 p.\u{a0}m. GMT-4",
        "2026/10/05 8:12:44 p. m. GMT+1",
        "10/05/2026 7:12:44 p.m.",
        "2026/10/05 7:12:44 下午 GMT+0",
        "2026/10/05 下午7:12:44",
        "2026/10/05 4:12:44 오후 GMT-3",
        "2026. 10. 5 오후 7:12:44",
        "2026. 10. 05. 19:12:44",
        "2026/10/05 7:12:44 午後 UTC",
        "2026/10/05 7:12:44 nachm. UTC",
        "2026/10/05 7:12:44 ÖS UTC",
        "2026/10/05 7:12:44 em UTC",
        "2026/10/05 7:12:44 odp. UTC",
        "2026/10/05 7:12:44 μ.μ. UTC",
        "2026/10/05 7:12:44 пп UTC",
        "October 5, 2026 7:12:44 p.m.",
        "5 Oct 2026 19:12:44",
        "Mon, 05 Oct 2026 19:12:44 +0000",
        "05-Oct-2026 19:12:44",
        "Mon Oct 05 2026 21:12:44 GMT+0200 (Central European Summer Time)",
        "1791227564",
        "1791227564000",
        "1791227564000000",
        "1791227564.0",
    ] {
        assert_eq!(read(text, Some(MonthDayYear)).as_deref(), Ok(half_past_seven), "{text}");
    }
    for text in [
        "2026-10-05",
        "2026/10/5",
        "5.10.2026",
        "Mon Oct 05 2026",
        "5 October 2026",
        "05/10/2026",
        "5/10/26",
        "05-10-2026",
    ] {
        assert_eq!(read(text, Some(DayMonthYear)).as_deref(), Ok("2026-10-05T00:00:00.000Z"), "{text}");
    }
    assert_eq!(read("2026-10-05T19:12:44.123456Z", None).as_deref(), Ok("2026-10-05T19:12:44.123Z"));
    for morning in ["AM", "a. m.", "上午", "오전", "午前", "vorm.", "ÖÖ", "fm", "dop.", "π.μ.", "дп"]
    {
        let text = format!("2026-10-05 12:30 {morning} UTC");
        assert_eq!(read(&text, None).as_deref(), Ok("2026-10-05T00:30:00.000Z"), "{text}");
    }
    assert_eq!(read("2026-10-05 12:30 AM", None).as_deref(), Ok("2026-10-05T00:30:00.000Z"));
}

#[test]
fn an_hour_of_many_digits_is_no_hour() {
    for hour in ["24", "101108000", "4294967295", "4294967296"] {
        for text in [format!("2026-10-05T{hour}:00:00Z"), format!("2026-10-05 {hour}:00 PM")] {
            assert_eq!(read(&text, None), Err(DateError::Form), "{text}");
        }
    }
}

#[test]
fn days_and_months_are_never_guessed() {
    assert_eq!(read("03/04/2026", None), Err(DateError::Ambiguous));
    assert_eq!(read("13/04/2026", None).as_deref(), Ok("2026-04-13T00:00:00.000Z"));
    assert_eq!(read("04/13/2026", None).as_deref(), Ok("2026-04-13T00:00:00.000Z"));
    assert_eq!(read("04/04/2026", None).as_deref(), Ok("2026-04-04T00:00:00.000Z"));
    assert_eq!(read("13/04/2026", Some(MonthDayYear)), Err(DateError::Form));
    let cases = [
        ("13/04/2026 10:00", Some(DayMonthYear)),
        ("4/13/26", Some(MonthDayYear)),
        ("4/5/2026", None),
        ("2026-04-13", None),
        ("Mon 13/04/2026", Some(DayMonthYear)),
        ("25/12/31", Some(YearMonthDay)),
        ("26/01/05", None),
        ("5/01/26", None),
        ("31/01/05", Some(DayMonthYear)),
    ];
    for (text, order) in cases {
        assert_eq!(orders(text, 26).and_then(Orders::only), order, "{text}");
    }
    assert_eq!(read("26/01/05", None), Err(DateError::Ambiguous));
    assert_eq!(read("26/01/05", Some(YearMonthDay)).as_deref(), Ok("2026-01-05T00:00:00.000Z"));
    assert_eq!(read("26/01/2005", Some(YearMonthDay)), Err(DateError::Form));
}

#[test]
fn other_texts_are_refused_by_name() {
    for text in [
        "",
        "yesterday",
        "tomorrow",
        "2026",
        "2026-13-01",
        "2026-02-30",
        "2026-10-05T25:00",
        "2026-10-05 19:60",
        "2026-10-05 13:00 PM",
        "19:12",
        "1234567",
        "12345678901234567890",
        "Oct 2026",
        "2026-10",
        "Octember",
        "5/10",
        "2026-1-1-1",
        "10/11/12345",
        "May",
        "-5",
        "2026-10-05T19",
    ] {
        assert!(read(text, Some(MonthDayYear)).is_err(), "{text}");
    }
    for zone in ["CEST", "AMT", "Europe/Berlin", "UTC+25", "GMT+", "+2:xx", "ACDT"] {
        let error = read(&format!("2026-10-05 01:12 {zone}"), None);
        assert!(matches!(&error, Err(DateError::Zone(name)) if name == zone), "{zone}: {error:?}");
    }
}

#[test]
fn dates_without_a_zone_are_local() {
    let zone = Zone::probe("X", 0, 10, |_| Ok::<_, ()>(3_600)).unwrap();
    let read = |text| parse(text, None, &zone).map(crate::iso8601::format).unwrap();
    assert_eq!(read("2026-10-05 19:12:44.5"), "2026-10-05T18:12:44.500Z");
    assert_eq!(read("2026-10-05"), "2026-10-04T23:00:00.000Z");
    assert_eq!(read("2026-10-05 19:12:44 UTC"), "2026-10-05T19:12:44.000Z");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,30}", dated in "[0-9:/TZ+. apmGMT-]{0,30}") {
        let _ = read(&text, None);
        let _ = read(&dated, Some(DayMonthYear));
        let _ = (orders(&text, 26), orders(&dated, 26));
    }
}
