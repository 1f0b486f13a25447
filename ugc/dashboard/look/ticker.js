// Asks the page again every so many milliseconds, but never while a person clicks or types or while
// something runs: a question that crosses with a click would let the click be lost.

const REST = 3_000; // milliseconds without a question after a person did something

// Neither asked for nor running: a click that the server has not answered yet counts as something that runs.
const still = () => document.querySelector("[data-test-script-state=notRunning]");

export default function (component) {
  const { data, setTriggerValue } = component;
  let rest = 0;
  const act = () => (rest = Date.now() + REST);
  const ended = new AbortController();
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, act, { capture: true, passive: true, signal: ended.signal });
  }
  const timer = setInterval(() => {
    if (Date.now() >= rest && still()) setTriggerValue("tick", Date.now());
  }, data.every);
  return () => {
    ended.abort();
    clearInterval(timer);
  };
}
