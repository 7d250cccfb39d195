// Words that lie on other words, and words that stick out of what holds them. Each text is taken
// line by line, as much of it as can be seen; what floats above the page (menus, bars) may cover it.
(() => {
  const SLACK = 2; // pixels: letters that lean, halves that were rounded
  const LINES = 4; // lines of one paragraph overlap by less

  const shared = (one, other) => ({
    left: Math.max(one.left, other.left),
    right: Math.min(one.right, other.right),
    top: Math.max(one.top, other.top),
    bottom: Math.min(one.bottom, other.bottom),
  });

  // A table has thousands of words in the same few boxes: each box is asked once.
  const asked = new Map();
  const box = (element) => {
    if (!asked.has(element)) {
      const { position, overflowX, overflowY, clipPath, display } = getComputedStyle(element);
      asked.set(element, {
        element,
        frame: element.getBoundingClientRect(),
        floats: ["fixed", "sticky"].includes(position),
        cuts: `${overflowX}${overflowY}` !== "visiblevisible" || clipPath !== "none",
        holds: !/^(inline|contents)/.test(display),
      });
    }
    return asked.get(element);
  };

  const boxes = (element) =>
    element && element !== document.documentElement
      ? [box(element), ...boxes(element.parentElement)]
      : [];

  const isShown = (element) =>
    !element.closest("svg, script, style, select") &&
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  const placed = (line, around) => {
    let [seen, isCut, outOf] = [line, false, null];
    for (const { element, frame, floats, cuts, holds } of around) {
      if (floats) return null;
      if (cuts) {
        [seen, isCut] = [shared(seen, frame), true];
      } else if (!isCut && holds) {
        const isOut = seen.right > frame.right + SLACK || seen.left < frame.left - SLACK;
        outOf ??= isOut ? element : null;
      }
    }
    const isSeen = seen.right - seen.left > SLACK && seen.bottom - seen.top > SLACK;
    return isSeen ? { box: seen, outOf } : null;
  };

  const texts = [];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    const words = node.data.trim();
    if (!words || !isShown(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const around = boxes(node.parentElement);
    for (const line of range.getClientRects()) {
      const place = placed(line, around);
      if (place) texts.push({ node, words, ...place });
    }
  }
  texts.sort((one, other) => one.box.top - other.box.top);

  const faults = texts
    .filter(({ outOf }) => outOf)
    .map(({ words, outOf }) => `"${words}" sticks out of ${outOf.tagName} ${outOf.className}`);
  texts.forEach((one, index) => {
    for (let next = index + 1; texts[next]?.box.top < one.box.bottom; next += 1) {
      const other = texts[next];
      const both = shared(one.box, other.box);
      const isOn = both.right - both.left > SLACK && both.bottom - both.top > LINES;
      if (isOn && one.node !== other.node) faults.push(`"${one.words}" lies on "${other.words}"`);
    }
  });
  return faults.slice(0, 5);
})();
