//! Input of a person by keys and the pointer, as WebDriver actions.

use serde_json::{Value, json};

/// Keys without a character, in the notation of WebDriver.
pub mod key {
    pub const BACKSPACE: char = '\u{e003}';
    pub const TAB: char = '\u{e004}';
    pub const ENTER: char = '\u{e007}';
    pub const SHIFT: char = '\u{e008}';
    pub const CONTROL: char = '\u{e009}';
    pub const ESCAPE: char = '\u{e00c}';
    pub const END: char = '\u{e010}';
    pub const HOME: char = '\u{e011}';
    pub const LEFT: char = '\u{e012}';
    pub const UP: char = '\u{e013}';
    pub const RIGHT: char = '\u{e014}';
    pub const DOWN: char = '\u{e015}';
    pub const SPACE: char = ' ';
}

/// Returns a script that returns the element of an expression, once a pointer would hit it.
pub fn reach(element: &str) -> String {
    let body = include_str!("reach.js");
    format!("return (async () => {{ const wanted = {element}, name = {};\n{body} }})();", json!(element))
}

/// Moves the mouse to the middle of an element and presses its main button. The driver gets the
/// element and not coordinates: in a frame, some drivers count from the corner of the frame and
/// others from that of the window.
///
/// Each click is next to the one before (`nth` counts them). Two fast clicks in one place would be
/// a double click.
pub fn click(element: &Value, nth: u32) -> Value {
    json!([{
        "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" },
        "actions": [
            { "type": "pointerMove", "origin": element, "x": nth % 2 * 3, "y": 0, "duration": 0 },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ],
    }])
}

/// Moves the mouse to the middle of an element, presses its main button, moves it to the middle of
/// another element in two steps, and releases it there.
pub fn drag(from: &Value, to: &Value) -> Value {
    let over = |element: &Value, x: u32| json!({ "type": "pointerMove", "origin": element, "x": x, "y": 0, "duration": 0 });
    json!([{
        "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" },
        "actions": [
            over(from, 0),
            { "type": "pointerDown", "button": 0 },
            over(from, 9),
            over(to, 9),
            over(to, 0),
            { "type": "pointerUp", "button": 0 },
        ],
    }])
}

/// Presses keys one after another.
pub fn press(keys: impl IntoIterator<Item = char>) -> Value {
    keyboard(keys.into_iter().flat_map(|key| [("keyDown", key), ("keyUp", key)]))
}

/// Presses keys together.
pub fn chord(keys: impl IntoIterator<Item = char>) -> Value {
    let keys: Vec<char> = keys.into_iter().collect();
    let down = keys.iter().map(|key| ("keyDown", *key));
    keyboard(down.chain(keys.iter().rev().map(|key| ("keyUp", *key))))
}

fn keyboard(strokes: impl Iterator<Item = (&'static str, char)>) -> Value {
    let actions: Vec<Value> = strokes
        // The key for the end of a line is Enter.
        .map(|(kind, key)| (kind, if key == '\n' { key::ENTER } else { key }))
        .map(|(kind, key)| json!({ "type": kind, "value": key }))
        .collect();
    json!([{ "type": "key", "id": "keyboard", "actions": actions }])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strokes(actions: &Value) -> String {
        let actions = actions[0]["actions"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        actions.iter().map(|it| text(&it["type"])[3..].to_owned() + &text(&it["value"]) + " ").collect()
    }

    #[test]
    fn each_key_is_pressed_and_released() {
        assert_eq!(strokes(&press("ab".chars())), "Downa Upa Downb Upb ");
        assert_eq!(strokes(&press(['\n'])), "Down\u{e007} Up\u{e007} ");
        assert_eq!(strokes(&chord("ab".chars())), "Downa Downb Upb Upa ");
    }
}
