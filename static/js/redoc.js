// Draws the API with Redoc; nothing is fetched from elsewhere.
const place = document.getElementById("docs");

window.Redoc.init(place.dataset.document, { hideLoading: true }, place);
