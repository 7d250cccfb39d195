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

  const ancestors = (element) =>
    element && element !== document.documentElement
      ? [element, ...ancestors(element.parentElement)]
      : [];

  const isShown = (element) =>
    !element.closest("svg, script, style, select") &&
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  const placed = (line, around) => {
    let [box, isCut, outOf] = [line, false, null];
    for (const element of around) {
      const style = getComputedStyle(element);
      const frame = element.getBoundingClientRect();
      if (["fixed", "sticky"].includes(style.position)) return null;
      if (`${style.overflowX}${style.overflowY}` !== "visiblevisible" || style.clipPath !== "none") {
        [box, isCut] = [shared(box, frame), true];
      } else if (!isCut && !/^(inline|contents)/.test(style.display)) {
        const isOut = box.right > frame.right + SLACK || box.left < frame.left - SLACK;
        outOf ??= isOut ? element : null;
      }
    }
    const isSeen = box.right - box.left > SLACK && box.bottom - box.top > SLACK;
    return isSeen ? { box, outOf } : null;
  };

  const texts = [];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    const words = node.data.trim();
    if (!words || !isShown(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const around = ancestors(node.parentElement);
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
