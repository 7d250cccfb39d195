// Draws the API with Redoc; nothing is fetched from elsewhere.
const place = document.getElementById("docs");

// Redoc would fetch its maker's logo from a CDN, in both of the ways that React has.
const images = HTMLImageElement.prototype;
const { setAttribute } = images;
const src = Object.getOwnPropertyDescriptor(images, "src");
const isElsewhere = (address) => /^https?:/.test(address);

images.setAttribute = function setOwn(name, value) {
  if (name !== "src" || !isElsewhere(value)) setAttribute.call(this, name, value);
};
Object.defineProperty(images, "src", {
  ...src,
  set(address) {
    if (!isElsewhere(address)) src.set.call(this, address);
  },
});

window.Redoc.init(place.dataset.document, { hideLoading: true }, place);
