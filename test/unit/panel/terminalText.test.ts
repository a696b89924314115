import assert from "node:assert/strict";
import { ansiSpans } from "../../../src/panel/ansiSpans.js";
import { ColourState } from "../../../src/panel/colourState.js";
import { lastState, plainText } from "../../../src/panel/terminalText.js";

const esc = "\u001b";
const shown = (line: string): string => ansiSpans(line).map((span) => span.text).join("");

describe("terminal text", () => {
  it("keeps colours and drops every other sequence", () => {
    const hostile: [string, string][] = [
      ["<img src=x onerror=alert(1)></script>", "<img src=x onerror=alert(1)></script>"],
      [`a${esc}]8;;javascript:alert(1)${esc}\\b${esc}]8;;${esc}\\c`, "abc"],
      [`a${esc}]52;c;aGVsbG8=\u0007b`, "ab"],
      [`a${esc}]0;title\u0007b`, "ab"],
      [`a${esc}[2J${esc}[H${esc}[?1049h${esc}cb`, "ab"],
      [`a${esc}P1$tq${esc}\\b${esc}_apc${esc}\\c${esc}^pm${esc}\\d`, "abcd"],
      [`a${esc}(Bb${esc}7c${esc}8`, "abc"],
      ["a\u202eb\u2066c\u200fd", "a[U+202E]b[U+2066]c[U+200F]d"],
      ["a\u2028b", "a[U+2028]b"],
      ["a\u0000\u0001b\u009bc\u0007", "a\ufffd\ufffdb\ufffdc"],
      [`a${esc}]0;never ended`, "a0;never ended"],
      [`a${esc}`, "a\ufffd"],
      [`a${esc}[31`, "a31"],
      [`${esc}${esc}]0;x\u0007[31mred`, "\ufffd[31mred"],
      ["tab\tstays", "tab\tstays"],
    ];
    for (const [line, text] of hostile) {
      assert.equal(shown(line), text, JSON.stringify(line));
      assert.equal(plainText(line), text, `search sees what is shown: ${JSON.stringify(line)}`);
    }
  });

  it("makes links of web addresses only", () => {
    const link = (address: string): (string | null)[] => ansiSpans(`${esc}]8;id=1;${address}${esc}\\text${esc}]8;;${esc}\\after`).map((span) => span.link);
    assert.deepEqual(link("https://example.org/a?b=1"), ["https://example.org/a?b=1", null]);
    for (const bad of ["javascript:alert(1)", "command:workbench.action.quit", "file:///etc/passwd", "data:text/html,x", "vscode://x/y", "https://a b", " https://x", "httpsx://y"]) {
      assert.deepEqual(link(bad), [null, null], bad);
    }
  });

  it("reads colours as a terminal does", () => {
    const first = (line: string) => ansiSpans(line)[0];
    assert.equal(first(`${esc}[31mx`)?.classes, "fg-red");
    assert.equal(first(`${esc}[1;4;94;103mx`)?.classes, "bold underline fg-brightBlue bg-brightYellow");
    assert.equal(first(`${esc}[38;5;196mx`)?.foreground, "rgb(255,0,0)");
    assert.equal(first(`${esc}[38;5;244mx`)?.foreground, "rgb(128,128,128)");
    assert.equal(first(`${esc}[38;5;9mx`)?.classes, "fg-brightRed");
    assert.equal(first(`${esc}[38;2;1;2;3mx`)?.foreground, "rgb(1,2,3)");
    assert.equal(first(`${esc}[38:2::1:2:3mx`)?.foreground, "rgb(1,2,3)");
    assert.equal(first(`${esc}[48:5:21mx`)?.background, "rgb(0,0,255)");
    assert.equal(first(`${esc}[38;2;999;0;0mx`)?.foreground, null);
    assert.equal(first(`${esc}[31m${esc}[mx`)?.classes, "");
    assert.equal(first(`${esc}[31;0mx`)?.classes, "");
    assert.equal(first(`${esc}[31;0;32mx`)?.classes, "fg-green");
    assert.equal(first(`${esc}[4:3mx`)?.classes, "underline");
    assert.equal(first(`${esc}[7;31mx`)?.classes, "bg-red fg-reverse");
    assert.equal(first(`${esc}[8mpassword`)?.text, "password");
  });

  it("never gives a class or a colour of the log's choosing", () => {
    const classes = /^((bold|dim|italic|underline|overline|strikethrough|(fg|bg)-(reverse|(bright[BRGYMCW]|[brgymcw])[a-zA-Z]+))( |$))*$/;
    for (let code = 0; code < 130; code++) {
      for (const line of [`${esc}[${String(code)}mx`, `${esc}[38;5;${String(code * 3)}mx`, `${esc}[${String(code)};5;7mx`]) {
        for (const span of ansiSpans(line)) {
          assert.match(span.classes, classes);
          assert.match(span.foreground ?? "rgb(0,0,0)", /^rgb\(\d{1,3},\d{1,3},\d{1,3}\)$/);
        }
      }
    }
  });

  it("survives noise, and shows and searches it alike", () => {
    let seed = 7;
    const next = (limit: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % limit;
    const pieces = [esc, "[", "]", "8;;", "31", "m", ";", ":", "\u0007", `${esc}\\`, "\u009c", "text", "\u202e", "P", "38;5", "0", "\u{1f680}", "?"];
    for (let round = 0; round < 5000; round++) {
      const line = Array.from({ length: next(20) }, () => pieces[next(pieces.length)] ?? "").join("");
      assert.equal(shown(line), plainText(line), JSON.stringify(line));
      assert.ok(!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(shown(line)), JSON.stringify(line));
    }
  });

  it("shows the last state of an overwritten line, in its colour", () => {
    assert.equal(lastState("10%\r20%\r"), "20%");
    assert.equal(lastState("text\r"), "text");
    assert.equal(lastState("\r\r"), "");
    assert.equal(lastState(`${esc}[32m10%\r20%`), `${esc}[32m20%`);
  });
});

describe("the colour state", () => {
  it("is the same however the bytes are split, and as small as the colours in force", () => {
    const bytes = Buffer.from(`a${esc}[31mb${esc}[1;44mc${esc}[39md${esc}[38;5;200me${esc}[22;49mf${esc}[2Jg${esc}[4m`);
    const whole = new ColourState();
    whole.feed(bytes);
    assert.equal(whole.prefix, `${esc}[38;5;200;4m`);
    for (let split = 0; split <= bytes.length; split++) {
      const halves = new ColourState();
      halves.feed(bytes.subarray(0, split));
      halves.feed(bytes.subarray(split));
      assert.equal(halves.prefix, whole.prefix, String(split));
    }
    assert.equal(new ColourState(whole.state).prefix, whole.prefix);
    whole.feed(Buffer.from(`x${esc}[0my`));
    assert.equal(whole.prefix, "");
  });
});
