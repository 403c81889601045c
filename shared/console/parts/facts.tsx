import type { Child } from 'hono/jsx'

export type Fact = readonly [label: string, text: Child | undefined]

/** What is known, each with its label; what is not known is left out. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts
        .filter(([, text]) => text !== undefined)
        .map(([label, text]) => (
          <div>
            <dt>{label}</dt>
            <dd>
              <bdi>{text}</bdi>
            </dd>
          </div>
        ))}
    </dl>
  )
}
