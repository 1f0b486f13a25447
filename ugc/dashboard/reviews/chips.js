// Draws the chips of a card. A chip of a theme opens its options at once; a click on one of them is
// told to the page. Every text is set as text.

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
};

const button = (className, text) => {
  const element = make("button", className, text);
  element.type = "button";
  return element;
};

const GAP = 6; // pixels between a chip and its options
const EDGE = 8; // pixels that stay free at the edges of the window
const PATIENCE = 20_000; // milliseconds after which no answer to a click is waited for any more
const MOST = 0.6; // part of the height of the window that the options may take

// What each row of chips remembers from one drawing to the next.
const remembered = new WeakMap();

const pencil = (by, alone) => {
  const hand = make("i", "by-hand");
  hand.dataset.tip = by;
  hand.title = "";
  if (alone) {
    hand.tabIndex = 0;
    hand.setAttribute("role", "note");
    hand.setAttribute("aria-label", by);
  }
  return hand;
};

// Arrows go from option to option; the Tab key goes from group to group.
const walk = (event) => {
  const options = [...event.currentTarget.querySelectorAll("button")];
  const at = options.indexOf(event.target);
  const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: -1 };
  if (at < 0 || !(event.key in steps)) return;
  event.preventDefault();
  const next = options.at(steps[event.key] % options.length);
  options.forEach((one) => (one.tabIndex = one === next ? 0 : -1));
  next.focus();
};

const drawGroup = (mention, field, data, choose) => {
  const [now, name] = mention.now[field];
  const options = data.options[field].filter(([key]) => field !== "theme" || !mention.without.includes(key));
  if (!options.some(([key]) => key === now)) options.push([now, name]);
  const group = make("div", "group");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", data.words[field]);
  group.addEventListener("keydown", walk);
  const head = make("span", "head", data.words[field]);
  head.setAttribute("aria-hidden", "true");
  const pills = make("div", "pills");
  for (const [key, label] of options) {
    const pill = button(`pill ${field === "polarity" ? data.tones[key] ?? "" : ""}`, label);
    pill.setAttribute("role", "radio");
    pill.setAttribute("aria-checked", String(key === now));
    pill.tabIndex = key === now ? 0 : -1;
    pill.addEventListener("click", () => choose(mention, field, key));
    pills.append(pill);
  }
  group.append(head, pills);
  return group;
};

const drawMention = (mention, data, choose) => {
  const part = make("section", "mention");
  const quote = make("p", `quote ${mention.tone}`, mention.quote);
  quote.dir = "auto";
  const acts = make("div", "acts");
  for (const act of mention.by ? ["removed", "back"] : ["removed"]) {
    const press = button("act", data.words[act]);
    press.title = data.words[`${act}_what`];
    press.addEventListener("click", () => choose(mention, act, ""));
    acts.append(press);
  }
  if (mention.by) acts.append(make("small", "", mention.by));
  part.append(quote, ...Object.keys(mention.now).map((field) => drawGroup(mention, field, data, choose)), acts);
  return part;
};

// Puts the options below their chip, or above it where there is more room, inside the window. On a
// small one they rather cover the chip than hide what can be done with the first mention.
const settle = (sheet, chip) => {
  const at = chip.getBoundingClientRect();
  const below = innerHeight - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  sheet.style.maxHeight = "";
  const most = innerHeight * MOST;
  const wanted = Math.min(sheet.scrollHeight + 2, most);
  const first = sheet.firstElementChild;
  const least = Math.min(first.offsetTop * 2 + first.offsetHeight, most);
  const under = below >= wanted || (above < wanted && below >= above);
  const height = Math.min(wanted, Math.max(under ? below : above, least));
  const top = under ? at.bottom + GAP : at.top - GAP - height;
  sheet.style.maxHeight = `${height}px`;
  sheet.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  const left = Math.min(at.left, document.documentElement.clientWidth - sheet.offsetWidth - EDGE);
  sheet.style.left = `${Math.max(EDGE, left)}px`;
  sheet.classList.add("settled");
};

// Keeps the options beside their chip for as long as they are open.
const follow = (sheet, chip) => {
  const ended = new AbortController();
  const again = (event) => {
    if (!sheet.isConnected || !sheet.matches(":popover-open")) return ended.abort();
    if (event.composedPath().includes(sheet)) return;
    const at = chip.getBoundingClientRect();
    if (at.bottom < 0 || at.top > innerHeight) sheet.hidePopover();
    else settle(sheet, chip);
  };
  const how = { signal: ended.signal, capture: true, passive: true };
  addEventListener("scroll", again, how);
  addEventListener("resize", again, how);
  settle(sheet, chip);
};

const drawTheme = (chip, number, data, told) => {
  const item = make("li");
  const press = button(`chip theme ${chip.tone}`, chip.text);
  press.setAttribute("aria-label", chip.said);
  press.setAttribute("aria-haspopup", "dialog");
  press.title = data.words.hint;
  if (chip.by) {
    press.setAttribute("aria-description", chip.by);
    press.append(pencil(chip.by, false));
  }
  const sheet = make("div", "sheet");
  sheet.id = `sheet_${number}`;
  sheet.popover = "auto";
  sheet.setAttribute("role", "dialog");
  sheet.setAttribute("aria-label", chip.said);
  press.setAttribute("popovertarget", sheet.id);
  const choose = (mention, field, value) => {
    sheet.hidePopover();
    if (mention.now[field]?.[0] !== value) told(mention, field, value);
  };
  let within = false;
  sheet.addEventListener("beforetoggle", (event) => {
    within = sheet.contains(sheet.getRootNode().activeElement);
    if (event.newState !== "open") return;
    sheet.replaceChildren(...chip.mentions.map((mention) => drawMention(mention, data, choose)));
    sheet.querySelector("[aria-checked=true]").autofocus = true;
    sheet.classList.remove("settled");
  });
  sheet.addEventListener("toggle", (event) => {
    if (event.newState === "open") follow(sheet, press);
    // Chromium does not give the focus back by itself within a shadow root.
    else if (within) press.focus({ preventScroll: true });
  });
  item.append(press, sheet);
  return item;
};

const drawPlain = (chip) => {
  const item = make("li");
  const tag = make("span", `chip ${chip.tone}`, chip.text);
  if (chip.by) tag.append(pencil(chip.by, true));
  item.append(tag);
  return item;
};

// Whether a mention is the one that was clicked: its name also holds a number, which may move.
const same = (mention, click) => mention.place === click.place && mention.now.theme[0] === click.theme;

// Tells the page of the oldest click. The others wait for its answer, for they are about what it changes.
const tell = (memory) => {
  if (Date.now() - memory.since < PATIENCE) return;
  const mentions = memory.data.chips.flatMap((chip) => chip.mentions);
  memory.clicks = memory.clicks.filter((click) => mentions.some((one) => same(one, click)));
  const [click] = memory.clicks;
  if (!click) return;
  const { field, value } = click;
  memory.since = Date.now();
  memory.next = { place: click.place, theme: field === "theme" ? value : click.theme };
  memory.send("picked", { mention: mentions.find((one) => same(one, click)).name, field, value });
};

// Chips with a click that the page has not answered yet look so.
const mark = (place, memory) =>
  [...place.querySelectorAll("li")].forEach((item, number) => {
    const busy = memory.data.chips[number].mentions.some((one) => memory.clicks.some((click) => same(one, click)));
    item.firstElementChild.classList.toggle("busy", busy);
    item.firstElementChild.setAttribute("aria-busy", String(busy));
  });

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const place = parentElement.querySelector(".house-chips");
  const memory = remembered.get(place) ?? { clicks: [], since: 0 };
  remembered.set(place, memory);
  memory.send = setTriggerValue;
  const drawing = JSON.stringify(data);
  if (memory.drawing === drawing) return; // another theme of the page, say: what is open stays open
  if (memory.since && memory.data.taken !== data.taken) {
    memory.clicks.shift();
    memory.since = 0;
  }
  const items = [...place.querySelectorAll("li")];
  const open = items.findIndex((one) => one.querySelector(":popover-open"));
  const shown = memory.data?.chips[open]?.mentions ?? [];
  const focused = items.findIndex((one) => one.contains(place.getRootNode().activeElement));
  Object.assign(memory, { drawing, data });

  const told = (mention, field, value) => {
    memory.clicks.push({ place: mention.place, theme: mention.now.theme[0], field, value });
    tell(memory);
    mark(place, memory);
  };
  const row = make("ul", "chips");
  row.append(
    ...data.chips.map((chip, number) =>
      chip.mentions.length ? drawTheme(chip, number, data, told) : drawPlain(chip),
    ),
  );
  place.replaceChildren(row);
  const holds = (wanted) => data.chips.findIndex((chip) => chip.mentions.some(wanted));
  const again = holds((one) => shown.some((each) => same(one, { place: each.place, theme: each.now.theme[0] })));
  const next = holds((one) => memory.next && same(one, memory.next));
  if (again >= 0) row.children[again].querySelector(".sheet").showPopover();
  else if (focused >= 0) {
    const number = next < 0 ? Math.min(focused, row.children.length - 1) : next;
    row.children[number]?.querySelector("button")?.focus({ preventScroll: true });
  }
  memory.next = undefined;
  tell(memory);
  mark(place, memory);
}
