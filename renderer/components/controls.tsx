import { useId, type ComponentProps, type MouseEvent, type ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'plain';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'onClick'> {
  readonly icon?: IconName;
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly small?: boolean;
  /** Under way: it keeps the focus, and does nothing when it is pressed. */
  readonly pending?: boolean;
  /** Where another button comes in its place: the second click of a double click is not meant for that. */
  readonly single?: boolean;
  readonly onClick?: () => unknown;
}

export function Button({
  icon,
  kind = 'plain',
  small = false,
  pending = false,
  single = false,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const bare = children === undefined;
  const classes = ['button', `button-${kind}`, small && 'button-small', bare && 'button-icon'];
  const click = (event: MouseEvent): void => {
    // Forms are sent by a click on their button, too.
    if (pending || (single && event.detail > 1)) event.preventDefault();
    else void onClick?.();
  };
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={click}
    >
      {pending ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly children: (ids: { id: string; 'aria-describedby': string | undefined }) => ReactNode;
}

/** A labelled control and what is to be known of it. */
export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': hint === undefined ? undefined : hintId })}
      {hint !== undefined && (
        <span className="field-hint" id={hintId}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface CheckProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => unknown;
}

export function Check({ label, hint, checked, disabled = false, onChange }: CheckProps) {
  const id = useId();
  return (
    <div className="check">
      <input
        type="checkbox"
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ target }) => onChange(target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => unknown;
}

/** One of a few, all in sight. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{label}</legend>
      {options.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

export function Badge({
  tone = 'plain',
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className="badge" data-tone={tone}>
      {icon && <Icon name={icon} />}
      <span className="badge-text">{children}</span>
    </span>
  );
}

interface CalloutProps {
  readonly tone?: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Said at once by screen readers: for what goes wrong in answer to the user. */
  readonly alert?: boolean;
}

export function Callout({ tone = 'plain', title, children, actions, alert = false }: CalloutProps) {
  return (
    <div className="callout" data-tone={tone} role={alert ? 'alert' : undefined}>
      <Icon name={tone === 'good' ? 'check' : tone === 'bad' || tone === 'warn' ? 'warning' : 'info'} />
      <div className="callout-body">
        <strong>{title}</strong>
        {children !== undefined && <p className="small">{children}</p>}
      </div>
      {actions !== undefined && <div className="row callout-actions">{actions}</div>}
    </div>
  );
}

/** The error of an action, where it had one. */
export const Failure = ({ error }: { readonly error: string | undefined }) =>
  error === undefined ? null : <Callout tone="bad" title={error} alert />;

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function Empty({ icon, title, children, actions }: EmptyProps) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <p className="empty-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}

export const Loading = ({ label }: { readonly label: string }) => (
  <div className="empty" role="status">
    <span className="spinner" aria-hidden="true" />
    <span>{label}</span>
  </div>
);

/** @param fraction undefined: nobody knows how far it has come */
export function Progress({
  label,
  fraction,
}: {
  readonly label: string;
  readonly fraction: number | undefined;
}) {
  const percent = fraction === undefined ? undefined : Math.round(fraction * 100);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-indeterminate={percent === undefined}
    >
      <div style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
