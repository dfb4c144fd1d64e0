// What tests/support/fit.py asks of a page: one line for each thing on it that does not fit the screen as it is.
() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const words = it => it.textContent.trim().replace(/\s+/g, " ").slice(0, 70);
  const told = it => `${it.tagName.toLowerCase()}${it.id ? "#" + it.id : ""}.${it.className} “${words(it)}”`;
  const say = (what, it) => found.push(`${what}: ${told(it)}`);
  const shown = it => it.checkVisibility({ visibilityProperty: true }) && !it.closest(".unseen") && getComputedStyle(it).clipPath !== "inset(50%)";
  const range = document.createRange();
  const boxes = node => { range.selectNodeContents(node); return [...range.getClientRects()].filter(({ width, height }) => width && height); };
  const lines = rects => {
    const tops = [];
    for (const { top, height } of rects) if (!tops.some(other => Math.abs(other - top) < height / 2)) tops.push(top);
    return tops.length;
  };
  // What cuts off sideways, and what cuts off downwards without a way to move it into sight.
  const frames = it => {
    const kept = [];
    for (let box = it; box && box !== document.body; box = box.parentElement) {
      const { overflowX, overflowY, display } = getComputedStyle(box);
      if (display === "inline") continue;
      if (overflowX !== "visible") kept.push([box.getBoundingClientRect(), ["hidden", "clip"].includes(overflowY)]);
    }
    return kept;
  };

  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, it = text.parentElement;
    if (!text.data.trim() || it.closest("script, style, option, svg") || !shown(it)) continue;
    const rects = boxes(text), around = frames(it);
    if (it.closest("[data-kept-words], .plain-line")) continue;
    if (rects.some(({ left, right }) => left < -.5 || right > wide + .5)) say("off the side", it);
    if (rects.some(rect => around.some(([box, is_cut]) => rect.left < box.left - 1 || rect.right > box.right + 1 || (is_cut && (rect.top < box.top - 1 || rect.bottom > box.bottom + 1))))) say("cut off", it);
    // Chinese, Japanese and Thai break a line between any two signs or syllables; everybody else between words.
    for (const { 0: word, index } of text.data.matchAll(/[\p{L}\p{M}\p{N}]{2,}/gu)) {
      if (/[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]/.test(word)) continue;
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (lines([...range.getClientRects()].filter(({ width }) => width)) > 1) say(`“${word}” is broken`, it);
    }
  }
  for (const it of document.querySelectorAll("button, .button, .leave, .call, summary, .line-more, .tap")) {
    if (!shown(it)) continue;
    if (it.scrollWidth > it.clientWidth + 1 && it.clientWidth) say("wider than its frame", it);
    if (it.scrollHeight > it.clientHeight + 1 && it.clientHeight) say("higher than its frame", it);
    if (it.matches(".leave, .hide, .composer-send, .line-more, .tap") && lines(boxes(it)) > 2) say("more than two lines", it);
  }

  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, label.card")].filter(it => shown(it) && !it.closest("header.bar"));
  // What is scrolled out of its frame is under nothing and over nothing.
  const seen = it => frames(it.parentElement).reduce((rects, [box]) => rects.map(({ left, right, top, bottom }) => ({
    left: Math.max(left, box.left), right: Math.min(right, box.right), top: Math.max(top, box.top), bottom: Math.min(bottom, box.bottom),
  })), [...it.getClientRects()]);
  const places = controls.map(seen);
  controls.forEach((one, at) => controls.slice(at + 1).forEach((other, after) => {
    if (one.contains(other) || other.contains(one) || other.closest("label") === one || one.closest("label") === other) return;
    const meet = places[at].some(a => places[at + 1 + after].some(b => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1));
    if (meet) found.push(`over another: ${told(one)} and ${told(other)}`);
  }));

  const leave = document.querySelector("[data-leave]");
  for (const y of leave ? [0, document.documentElement.scrollHeight] : []) {
    scrollTo(0, y);
    const { left, right, top, bottom } = leave.getBoundingClientRect();
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (left < 0 || right > wide || top < 0 || bottom > innerHeight || !leave.contains(there)) say(`the way out at ${y}`, leave);
  }
  scrollTo(0, 0);
  return [...new Set(found)];
}
