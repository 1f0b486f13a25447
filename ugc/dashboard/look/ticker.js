// Asks the page again every so many milliseconds, but never while a person clicks or types or while
// something runs: a question that crosses with a click would let the click be lost.

const REST = 2_000; // milliseconds without a question after a person did something

const running = () => document.querySelector("[data-test-script-state=running]");

export default function (component) {
  const { data, setTriggerValue } = component;
  let rest = 0;
  const act = () => (rest = Date.now() + REST);
  const ended = new AbortController();
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, act, { capture: true, passive: true, signal: ended.signal });
  }
  const timer = setInterval(() => {
    if (Date.now() >= rest && !running()) setTriggerValue("tick", Date.now());
  }, data.every);
  return () => {
    ended.abort();
    clearInterval(timer);
  };
}
