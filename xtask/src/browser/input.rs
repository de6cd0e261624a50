//! What a person does with keys and the pointer, as WebDriver writes it.

use serde_json::{Value, json};

/// The keys that are no characters, as WebDriver writes them.
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

/// A script that answers the element that an expression names, once a pointer would hit it.
pub fn reach(element: &str) -> String {
    const SCRIPT: &str = "
        if (!wanted) throw Error('there is no ' + name);
        // A hand waits until what it reaches for has stopped: first what comes to an end by itself, which may stand still for
        // some frames before it begins, then all else that moves.
        for (let at = wanted; at; at = at.assignedSlot ?? at.parentNode ?? at.host) {
            const moves = (at.getAnimations?.() ?? []).filter((it) => it.playState == 'running');
            const ending = moves.filter((it) => it.effect?.getComputedTiming().endTime < Infinity);
            await Promise.allSettled(ending.map((it) => it.finished));
        }
        wanted.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
        let box, before;
        do {
            before = box;
            await new Promise((next) => requestAnimationFrame(next));
            box = wanted.getClientRects()[0];
            if (!box) throw Error('nothing is seen of ' + name);
        } while (!before || ['x', 'y', 'width', 'height'].some((side) => box[side] != before[side]));
        // The middle of what is in the window, where WebDriver has the pointer go.
        const middle = (from, to, size) => (Math.max(0, from) + Math.min(size, to)) / 2;
        const x = middle(box.left, box.right, innerWidth), y = middle(box.top, box.bottom, innerHeight);
        // An element under another cannot be pressed.
        let hit = document.elementFromPoint(x, y), inside;
        while ((inside = hit?.shadowRoot?.elementFromPoint(x, y)) && inside != hit) hit = inside;
        if (!wanted.contains(hit)) throw Error(`something covers ${name}: ${hit?.cloneNode().outerHTML}`);
        return wanted;";
    format!("return (async () => {{ const wanted = {element}, name = {};{SCRIPT} }})();", json!(element))
}

/// Moves the mouse to the middle of an element, as the driver calls it, and presses its main button. The element and not
/// a point of the window: in a frame some drivers count from the frame's corner and others from the window's.
///
/// The so many-th press is beside the one before: two in one place, faster than a person's, would be a double click.
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
        // A keyboard has no key for the end of a line but Enter.
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
    fn keys_go_down_and_up() {
        assert_eq!(strokes(&press("ab".chars())), "Downa Upa Downb Upb ");
        assert_eq!(strokes(&press(['\n'])), "Down\u{e007} Up\u{e007} ");
        assert_eq!(strokes(&chord("ab".chars())), "Downa Downb Upb Upa ");
    }
}
