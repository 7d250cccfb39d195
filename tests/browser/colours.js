// How the words of a page are coloured: what contrast follows from, once for each that differs.
// The colour and size of a text, and every ground beneath it up to the first that hides the rest.
(() => {
  const CLEAR = "rgba(0, 0, 0, 0)";

  const grounds = (element) => {
    const found = [];
    for (let one = element; one; one = one.parentElement) {
      const { backgroundColor, backgroundImage, opacity, position, filter } =
        getComputedStyle(one);
      const isLaid = ["absolute", "fixed", "sticky"].includes(position);
      if (isLaid) found.push(`${position} ${one.className}`); // it may lie on something else
      if (backgroundImage !== "none" || opacity !== "1" || filter !== "none") {
        found.push(`${backgroundImage} ${opacity} ${filter}`);
      }
      if (backgroundColor !== CLEAR) found.push(backgroundColor);
      const isSolid = backgroundColor.startsWith("rgb(");
      if (isSolid && !isLaid && opacity === "1") break;
    }
    return found;
  };

  const says = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) ||
    element.matches("input, select, textarea");

  return [...new Set(
    [...document.body.querySelectorAll("*")]
      .filter((element) => says(element) && element.checkVisibility())
      .map((element) => {
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
        const state = element.closest(":disabled, [aria-disabled=true]") ? "off" : "";
        return [color, fontSize, fontWeight, textShadow, state, ...grounds(element)].join("; ");
      })
  )];
})();
