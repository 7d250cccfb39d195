// Quantity, value and margin of the same cells: what a quantity comes to, and the way back. Kept
// are quantities; who writes a value writes the quantity that comes nearest to it.
import { LARGEST, round } from "./numbers.js";

export const MEASURES = { quantity: "Quantity", value: "Value", margin: "Margin" };
// Decimals that are taken: of values more, so that what is copied comes back as it was.
export const DIGITS = { quantity: 3, value: 6, margin: 6 };
const CENT = 0.005;

// What one unit comes to; null where that is not known.
export function rateOf(measure, row) {
  if (measure === "quantity") return 1;
  if (row.price === null) return null;
  if (measure === "value") return row.price;
  return row.cost === null ? null : row.price - row.cost;
}

export const exact = (measure, number) => Number(number.toFixed(DIGITS[measure]));

// What a quantity comes to. None of something is nothing, whatever it is worth.
export function comesTo(measure, row, quantity) {
  if (quantity === null || quantity === undefined) return null;
  if (quantity === 0) return 0;
  const rate = rateOf(measure, row);
  return rate === null ? null : exact(measure, quantity * rate);
}

// Whether a quantity is there of which it is not known what it comes to.
export const isUnknown = (measure, row, quantity) =>
  Boolean(quantity) && rateOf(measure, row) === null;

// The quantity that comes nearest to a figure, in thousandths; undefined where there is none.
export function quantityOf(measure, row, figure) {
  if (figure === null || measure === "quantity") return figure;
  if (measure !== "value" || row.price === null) return undefined;
  const quantity = round(figure / row.price);
  return quantity < LARGEST ? quantity : undefined;
}

// Why nothing can be written into a row in a measure; "" where it can.
export function whyNot(measure, row) {
  if (measure === "margin")
    return "A margin follows from the quantity: write that, or the value.";
  if (measure === "value" && row.price === null)
    return `${row.productName} has no price: write its quantity.`;
  return "";
}

// Why it is not known what a row comes to.
export const unknownTold = (measure, row) =>
  row.price === null ? "It has no price" : measure === "margin" ? "Its cost is not known" : "";

// Whether a value is not quite met, since quantities have three decimals.
export const isOff = (row, { quantity, wanted }) =>
  wanted !== undefined &&
  quantity !== null &&
  Math.abs(quantity * (row.price ?? 0) - wanted) >= CENT;
