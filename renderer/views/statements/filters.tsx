import type { CommandInput, Facets } from '../../../core/api/index.ts';
import { Check } from '../../components/controls.tsx';
import { Icon } from '../../components/icon.tsx';
import { useQuery } from '../../store/hooks.ts';
import { STATUS_TEXT } from './status-badge.tsx';

export interface Filter {
  readonly query: string;
  readonly status: string;
  readonly topic: string;
  readonly difficulty: string;
  readonly environment: string;
  readonly dataset: string;
  readonly watched: boolean;
  readonly sort: string;
}

export const NO_FILTER: Filter = {
  query: '',
  status: '',
  topic: '',
  difficulty: '',
  environment: '',
  dataset: '',
  watched: false,
  sort: 'added',
};

/** What the node is asked for: only what was chosen. */
export function filterInput(filter: Filter): CommandInput<'statements.list'> {
  const { query, status, watched, sort, ...facets } = filter;
  const chosen = Object.fromEntries(Object.entries(facets).filter(([, value]) => value !== ''));
  return {
    ...chosen,
    ...(query.trim() === '' ? {} : { query: query.trim() }),
    ...(status === '' ? {} : { status: [status] }),
    ...(watched ? { watched } : {}),
    sort,
  } as CommandInput<'statements.list'>;
}

const FACETS = ['status', 'topic', 'difficulty', 'environment', 'dataset'] as const;
const NO_FACETS: Facets = { total: 0, status: [], topic: [], difficulty: [], environment: [], dataset: [] };

export function Filters({
  filter,
  onChange,
}: {
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}) {
  const { loaded } = useQuery('statements.facets', {}, ['statements:changed', 'statements:status-changed']);
  const facets = loaded.kind === 'ready' ? loaded.value.facets : NO_FACETS;
  return (
    <search className="filters">
      <div className="search">
        <Icon name="search" />
        <input
          type="search"
          className="input"
          aria-label="Search names, formal and informal statements"
          placeholder="Search names and statements"
          value={filter.query}
          onChange={({ target }) => onChange({ ...filter, query: target.value })}
        />
      </div>
      {FACETS.map((name) =>
        facets[name].length < 2 && filter[name] === '' ? null : (
          <select
            key={name}
            className="select"
            aria-label={name}
            value={filter[name]}
            onChange={({ target }) => onChange({ ...filter, [name]: target.value })}
          >
            <option value="">Any {name}</option>
            {facets[name].map(({ value, count }) => (
              <option key={value} value={value}>
                {name === 'status' ? STATUS_TEXT[value as keyof typeof STATUS_TEXT] : value} ({count})
              </option>
            ))}
          </select>
        ),
      )}
      <select
        className="select"
        aria-label="Order"
        value={filter.sort}
        onChange={({ target }) => onChange({ ...filter, sort: target.value })}
      >
        <option value="added">Newest first</option>
        <option value="name">By name</option>
        <option value="difficulty">By difficulty</option>
      </select>
      <Check
        label="Watched"
        checked={filter.watched}
        onChange={(watched) => onChange({ ...filter, watched })}
      />
    </search>
  );
}
