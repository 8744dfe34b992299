import type { BudgetShareView, BudgetWay, Spent } from '../../core/api/index.ts';
import { count, duration } from './format.ts';

const WAY: Readonly<Record<BudgetWay, string>> = {
  opening: 'Portfolio, first round',
  search: 'Portfolio, search',
  model: 'Language model',
  leftovers: 'Portfolio on what the model left open',
};

const percent = (part: number): string => `${Math.round(part * 100)}%`;

/** What each way of the mixed policy was given of a session's budget, and which of them proved it. */
export function SpentTable({ spent }: { readonly spent: readonly Spent[] }) {
  return (
    <div className="table-scroll" role="group" aria-label="Where the budget went, as a table" tabIndex={0}>
      <table className="table">
        <caption className="visually-hidden">Where the budget went</caption>
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">Rounds</th>
            <th scope="col">Time</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {spent.map(({ way, rounds, milliseconds, proved }) => (
            <tr key={way}>
              <th scope="row">{WAY[way]}</th>
              <td>{count(rounds)}</td>
              <td>{duration(milliseconds)}</td>
              <td>{proved ? 'proved it' : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How the mixed policy would divide a statement's rounds now, by what each way has brought. */
export function BudgetTable({ budget }: { readonly budget: readonly BudgetShareView[] }) {
  return (
    <div className="table-scroll" role="group" aria-label="How a budget is divided, as a table" tabIndex={0}>
      <table className="table">
        <caption className="visually-hidden">How a budget is divided</caption>
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">Of the rounds</th>
            <th scope="col">Of the time</th>
            <th scope="col">Proofs so far</th>
            <th scope="col">A round takes</th>
          </tr>
        </thead>
        <tbody>
          {budget.map(({ way, share, timeShare, rounds, proofs, seconds }) => (
            <tr key={way}>
              <th scope="row">{WAY[way]}</th>
              <td>{percent(share)}</td>
              <td>{percent(timeShare)}</td>
              <td>
                {rounds === 0
                  ? 'not tried yet'
                  : `${count(Math.round(proofs))} in ${count(Math.round(rounds))} rounds`}
              </td>
              <td>{rounds === 0 ? `${duration(seconds * 1000)}, a guess` : duration(seconds * 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
