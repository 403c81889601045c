import { listPath } from '../addresses/paths.ts'

/** What an address asks for, as it stands there. */
export type Parameters = Readonly<Record<string, string | undefined>>

type FilterFormProps = {
  /** The list's own path. */
  readonly path: string
  readonly parameters: Parameters
  /** What of it was not understood, in a sentence. */
  readonly wrong: string | undefined
}

/** Narrows a list. A plain form: what is asked for is in the address, and it works without a script. */
export function FilterForm({ path, parameters, wrong }: FilterFormProps) {
  const { thread, errors, to } = parameters
  return (
    <search>
      <form class="filter" method="get" action={path}>
        <Field name="text" label="Text" parameters={parameters} type="search" wide />
        <Field name="model" label="Model" parameters={parameters} />
        <Field name="upstream" label="Upstream" parameters={parameters} />
        <Field name="user" label="User" parameters={parameters} />
        <Field name="session" label="Session" parameters={parameters} />
        <Field name="agent" label="Agent" parameters={parameters} />
        <Field name="slower" label="Slower than" parameters={parameters} placeholder="2s" />
        <Since from={parameters.from} />
        <label class="check">
          <input type="checkbox" name="errors" value="1" checked={errors !== undefined && errors !== ''} />{' '}
          Errors only
        </label>
        {thread !== undefined && <input type="hidden" name="thread" value={thread} />}
        {to !== undefined && <input type="hidden" name="to" value={to} />}
        <button type="submit">Filter</button>
        {isNarrowed(parameters) && <a href={path}>Show all</a>}
        {thread !== undefined && (
          <p class="quiet">
            Only of the thread <bdi>{thread}</bdi>.{' '}
            <a href={listPath(path, { ...parameters, thread: undefined, before: undefined })}>
              Of all threads
            </a>
          </p>
        )}
        {wrong !== undefined && (
          <p role="alert">
            <bdi>{wrong}</bdi>
          </p>
        )}
      </form>
    </search>
  )
}

export const isNarrowed = (parameters: Parameters): boolean =>
  filterNames.some((name) => parameters[name] !== undefined && parameters[name] !== '')

const filterNames = [
  ...['text', 'model', 'upstream', 'user', 'session', 'agent', 'thread', 'errors', 'slower', 'from', 'to'],
] as const

type FieldProps = {
  readonly name: string
  readonly label: string
  readonly parameters: Parameters
  readonly type?: 'search' | 'text'
  readonly placeholder?: string
  readonly wide?: boolean
}

function Field({ name, label, parameters, type = 'text', placeholder, wide = false }: FieldProps) {
  return (
    <label class={wide ? 'wide' : undefined}>
      <span>{label}</span>
      <input
        name={name}
        type={type}
        value={parameters[name] ?? ''}
        placeholder={placeholder}
        autocomplete="off"
        data-search={type === 'search' ? true : undefined}
      />
    </label>
  )
}

const times: readonly (readonly [value: string, label: string])[] = [
  ['', 'any time'],
  ['15m', 'last 15 minutes'],
  ['1h', 'last hour'],
  ['24h', 'last day'],
  ['7d', 'last 7 days'],
]

/** The usual times, and the one in the address where that is another one. */
function Since({ from = '' }: { readonly from: string | undefined }) {
  const options = times.some(([value]) => value === from)
    ? times
    : [...times, [from, `since ${from}`] as const]
  return (
    <label>
      <span>When</span>
      <select name="from">
        {options.map(([value, label]) => (
          <option value={value} selected={value === from}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
