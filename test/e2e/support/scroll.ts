/** What scrolling for some seconds was like. Milliseconds. */
export interface Scrolled {
  readonly frames: number;
  /** Between frames. */
  readonly median: number;
  readonly p95: number;
  /** Frames that came later than two at 60 a second. */
  readonly late: number;
  readonly longestTask: number;
  readonly mostRows: number;
  readonly pixels: number;
}

/** A function as text, for the page: scrolls a list as a wheel does that is turned ever faster, and measures each frame. */
export const SCROLL = `async (list) => {
  let longestTask = 0;
  const observer = new PerformanceObserver((tasks) => {
    for (const { duration } of tasks.getEntries()) longestTask = Math.max(longestTask, duration);
  });
  observer.observe({ type: 'longtask' });
  const gaps = [];
  let mostRows = 0;
  const from = list.scrollTop;
  const start = performance.now();
  await new Promise((resolve) => {
    let last = start;
    const step = (now) => {
      gaps.push(now - last);
      last = now;
      mostRows = Math.max(mostRows, list.querySelectorAll('[role=listitem]').length);
      const elapsed = now - start;
      if (elapsed > 3000) return resolve();
      list.scrollTop += 20 + elapsed / 10;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  observer.disconnect();
  const sorted = gaps.slice(1).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return {
    frames: sorted.length,
    median: at(0.5),
    p95: at(0.95),
    late: sorted.filter((gap) => gap > 34).length,
    longestTask,
    mostRows,
    pixels: Math.round(list.scrollTop - from),
  };
}`;
