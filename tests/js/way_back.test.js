import test from "node:test";
import assert from "node:assert/strict";
import { WayBack, grouped } from "../../static/js/chat/way_back.js";

const CODE = "31415926535810";

// What the fold of the page is to the script: things that hold text, are hidden, open, tapped.
class Thing {
  constructor() {
    Object.assign(this, { textContent: "", hidden: false, open: false, heard: {} });
  }

  addEventListener(name, act) {
    this.heard[name] = act;
  }

  focus() {
    this.hasFocus = true;
  }
}

function setUp() {
  const fold = new Thing();
  const [button, told, number, said, stays, staysSaid] = Array.from({ length: 6 }, () => new Thing());
  const asked = [];
  const clock = { now: 0, isThere: true };
  const wish = () => {
    if (clock.isThere) asked.push(clock.now);
    return clock.isThere;
  };
  const words = { say: (name) => name };
  const keeps = [];
  const keep = (isKept, done) => keeps.push({ isKept, done });
  const way = new WayBack({ fold, button, told, number, said, words, wish, stays, staysSaid, keep, now: () => clock.now });
  const tick = (isTicked) => {
    stays.checked = isTicked;
    stays.heard.change();
  };
  const open = (isOpen) => {
    fold.open = isOpen;
    fold.heard.toggle();
  };
  const tap = () => button.heard.click();
  return { way, button, told, number, said, asked, clock, open, tap, tick, stays, staysSaid, keeps };
}

test("the digits stand in groups that can be learnt by heart", () => {
  assert.equal(grouped(CODE), "3141 592 6535 810");
});

test("the number is shown when it comes, and gone from the page when the fold is closed", () => {
  const { way, number, told, asked, open, tap } = setUp();
  open(true);
  assert.equal(told.hidden, true);
  tap();
  way.made({ code: CODE, lasts_s: 7200 });
  assert.equal(number.textContent, grouped(CODE));
  assert.equal(told.hasFocus, true);
  open(false);
  assert.equal(number.textContent, "");
  assert.equal(told.hidden, true);
  open(true);
  tap();
  assert.equal(number.textContent, grouped(CODE));
  assert.equal(asked.length, 1);
});

test("a number that comes after she looked away is not shown", () => {
  const { way, number, open, tap } = setUp();
  open(true);
  tap();
  open(false);
  way.made({ code: CODE, lasts_s: 7200 });
  assert.equal(number.textContent, "");
});

test("a number that is too old is asked for anew", () => {
  const { way, asked, clock, open, tap } = setUp();
  open(true);
  tap();
  way.made({ code: CODE, lasts_s: 60 });
  way.hide();
  clock.now = 61_000;
  tap();
  assert.equal(asked.length, 2);
});

test("without a line it says so, and asks nothing later by surprise", () => {
  const { said, clock, asked, open, tap } = setUp();
  clock.isThere = false;
  open(true);
  tap();
  assert.equal(said.textContent, "noNumber");
  clock.isThere = true;
  assert.equal(asked.length, 0);
});

test("when the talk is over nothing of the number is left", () => {
  const { way, number, open, tap, asked } = setUp();
  open(true);
  tap();
  way.made({ code: CODE, lasts_s: 7200 });
  way.forget();
  assert.equal(number.textContent, "");
  open(true);
  tap();
  assert.equal(asked.length, 2);
});

test("that the number outlives the exit stands once the server has kept it, and not for the next number", () => {
  const { way, stays, staysSaid, keeps, tick } = setUp();
  way.made({ code: CODE, lasts_s: 7200 });
  tick(true);
  keeps[0].done(true, "kept for an hour");
  assert.equal(staysSaid.textContent, "kept for an hour");
  assert.equal(stays.checked, true);
  way.made({ code: CODE, lasts_s: 7200 });
  assert.equal(stays.checked, false);
  assert.equal(staysSaid.textContent, "");
});

test("a tick that was not kept is taken off again, and she is told", () => {
  const { stays, staysSaid, keeps, tick } = setUp();
  tick(true);
  keeps[0].done(false, "");
  assert.equal(stays.checked, false);
  assert.equal(staysSaid.textContent, "noNumber");
});

test("of two taps in a row the last one is what the server hears last", () => {
  const { stays, keeps, tick } = setUp();
  tick(true);
  tick(false);
  assert.equal(keeps.length, 1);
  keeps[0].done(true, "kept");
  assert.deepEqual(keeps.map(({ isKept }) => isKept), [true, false]);
  keeps[1].done(true, "not kept");
  assert.equal(stays.checked, false);
});
