import { useEffect, useRef } from 'react';
import { count, plural } from '../../components/format.ts';
import { useNodeState, useNow } from '../../store/hooks.ts';
import { plotData, throughput, type PlotData } from './plot-data.ts';

const HEIGHT = 190;
const LABEL_WIDTH = 36;

/** Attempts a minute, and the proofs among them: over the last hour, or as much of it as has seen work. */
export function ActivityPlot() {
  const samples = useNodeState(({ activity }) => activity.samples);
  const now = useNow(true, 5000);
  const data = plotData(samples, now);
  const { attempts, tokens } = throughput(samples, now);
  const total = data.attempts.reduce((sum, value) => sum + value, 0);
  const proofs = data.proofs.reduce((sum, value) => sum + value, 0);
  const span = data.times.length === 60 ? 'hour' : `${data.times.length} minutes`;
  const summary = `${plural(total, 'attempt')} and ${plural(proofs, 'proof')} within the last ${span}`;
  return (
    <section className="card" aria-labelledby="activity">
      <div className="card-head">
        <h2 id="activity">Last {span}</h2>
        <div className="row small muted">
          <span className="legend" data-series="attempts">
            {plural(attempts, 'attempt')} a minute
          </span>
          <span className="legend" data-series="proofs">
            {plural(proofs, 'proof')}
          </span>
          {tokens > 0 && <span>{count(Math.round(tokens / 60))} tokens a second</span>}
        </div>
      </div>
      <Plot data={data} summary={summary} />
    </section>
  );
}

function Plot({ data, summary }: { readonly data: PlotData; readonly summary: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(data);
  useEffect(() => {
    latest.current = data;
    if (canvas.current !== null) draw(canvas.current, data);
  }, [data]);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const redraw = (): void => draw(element, latest.current);
    const size = new ResizeObserver(redraw);
    const theme = new MutationObserver(redraw);
    size.observe(element);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      size.disconnect();
      theme.disconnect();
    };
  }, []);
  return <canvas ref={canvas} className="plot" role="img" aria-label={summary} />;
}

/** Sixty bars need no library; what a library draws needs its styles and takes more than the rest of this screen. */
function draw(canvas: HTMLCanvasElement, { times, attempts, proofs }: PlotData): void {
  const context = canvas.getContext('2d');
  const width = canvas.clientWidth;
  if (context === null || width === 0) return;
  const ratio = window.devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = HEIGHT * ratio;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`);
  const frame = { left: 46, right: width - 18, top: 18, bottom: HEIGHT - 30 };
  const step = niceStep(Math.max(4, ...attempts));
  const top = Math.ceil(Math.max(4, ...attempts) / step) * step;
  const y = (value: number): number => frame.bottom - (value / top) * (frame.bottom - frame.top);
  context.font = `12px ${style.fontFamily}`;
  context.textBaseline = 'middle';
  for (let value = 0; value <= top; value += step) {
    context.fillStyle = colour('line');
    context.fillRect(frame.left, Math.round(y(value)), frame.right - frame.left, 1);
    context.fillStyle = colour('ink-3');
    context.textAlign = 'right';
    context.fillText(count(value), frame.left - 8, y(value));
  }
  const slot = (frame.right - frame.left) / times.length;
  const bar = Math.min(slot * 0.72, 34);
  times.forEach((time, index) => {
    const left = frame.left + index * slot;
    const value = attempts[index] ?? 0;
    if (value > 0) {
      context.fillStyle = colour('accent');
      context.beginPath();
      context.roundRect(left + (slot - bar) / 2, y(value), bar, frame.bottom - y(value), [
        Math.min(3, slot / 4),
        Math.min(3, slot / 4),
        0,
        0,
      ]);
      context.fill();
    }
    if ((proofs[index] ?? 0) > 0) {
      context.fillStyle = colour('good');
      context.beginPath();
      context.arc(left + slot / 2, Math.max(frame.top - 6, y(value) - 8), 4, 0, 2 * Math.PI);
      context.fill();
    }
    const minutes = new Date(time * 1000).getMinutes();
    const room = slot * Math.min(index, times.length - 1 - index) >= LABEL_WIDTH / 2;
    if (minutes % (times.length / 4 > 10 ? 15 : 5) === 0 && room) {
      context.fillStyle = colour('ink-3');
      context.textAlign = 'center';
      context.fillText(timeOfDay(time), left + slot / 2, frame.bottom + 16);
    }
  });
}

const timeOfDay = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

/** 1, 2 or 5 times a power of ten: about four lines. */
function niceStep(max: number): number {
  const rough = max / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return Math.max(1, factor * power);
}
