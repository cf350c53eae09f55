// Weighted average in whole numbers: sum(mark x weight) / sum(weight), halves rounded up, as on the server.
export function average(marks) {
  const total = marks.reduce((sum, [value, weight]) => sum + value * weight, 0);
  const weights = marks.reduce((sum, [, weight]) => sum + weight, 0);
  return weights ? Math.floor((200 * total + weights) / (2 * weights)) : null;
}

export function shown(hundredths, lang) {
  if (hundredths === null) return "";
  const digits = String(hundredths).padStart(3, "0");
  return `${digits.slice(0, -2)}${lang.startsWith("ru") ? "," : "."}${digits.slice(-2)}`;
}
