// Lays out rows of shares; every text is set as text. Told apart by tone, drawn by bars.css.

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== "") element.textContent = text;
  return element;
};

const percent = (share, top) => `${Math.min(Math.max(share / top, 0), 1) * 100}%`;

const drawBar = (row, { top, reference }) => {
  const track = make("span", "track");
  if (reference !== null) {
    const line = make("span", "reference");
    line.style.setProperty("--from", percent(reference, top));
    track.append(line);
  }
  if (row.share === null) return track;
  const bar = make("span", "bar");
  bar.style.setProperty("--size", percent(row.share, top));
  track.append(bar);
  if (row.low !== null && row.high !== null) {
    const whisker = make("span", "whisker");
    whisker.style.setProperty("--from", percent(row.low, top));
    whisker.style.setProperty("--size", percent(Math.max(row.high - row.low, 0), top));
    track.append(whisker);
  }
  return track;
};

const drawRow = (row, data, choose) => {
  const item = make("li");
  const line = make(data.clickable ? "button" : "div", `row ${row.tone}`);
  if (data.clickable) {
    line.type = "button";
    line.setAttribute("aria-pressed", String(row.chosen));
    line.addEventListener("click", () => choose(row.key));
  }
  if (row.tip) {
    line.title = row.tip;
    line.setAttribute("aria-label", row.tip);
  }
  line.classList.toggle("faded", row.faded);
  line.classList.toggle("chosen", row.chosen);
  const label = make("span", "label");
  label.append(make("bdi", "", row.label));
  if (row.badge) label.append(make("span", "badge", row.badge));
  const figure = make("span", "figure");
  figure.append(make("b", "", row.figure), make("small", "", row.note));
  line.append(label, drawBar(row, data), figure, ...row.cells.map((cell) => make("span", "cell", cell)));
  item.append(line);
  return item;
};

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const list = make("ul", "rows");
  list.setAttribute("aria-label", data.name);
  list.classList.toggle("mirrored", data.mirrored);
  list.classList.toggle("celled", data.rows.some((row) => row.cells.length > 0));
  list.classList.toggle("noted", data.rows.some((row) => row.note.length > 12));
  if (data.heads.length) {
    const head = make("li");
    const line = make("div", "row head");
    line.append(...data.heads.map((text, place) => make("span", ["label", "track", "figure"][place] ?? "cell", text)));
    head.append(line);
    list.append(head);
  }
  list.append(...data.rows.map((row) => drawRow(row, data, (key) => setTriggerValue("picked", key))));
  const place = parentElement.querySelector(".house-bars");
  const focused = [...place.querySelectorAll("button")].findIndex((one) => one.matches(":focus"));
  place.replaceChildren(list);
  if (focused >= 0) place.querySelectorAll("button")[focused]?.focus();
}
