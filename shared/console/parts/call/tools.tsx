import type { Tool } from '../../../presentation/messages/input.ts'
import { shortenedText } from '../../../presentation/shortened-text.ts'

type ToolsProps = { readonly tools: readonly Tool[]; readonly whole: boolean }

/** Until everything is asked for: some descriptions are pages long, and some lists have hundreds of tools. */
const shownCharacters = 300
const shownTools = 100

/** The tools that the model could call, folded. */
export function Tools({ tools, whole }: ToolsProps) {
  if (tools.length === 0) return null
  return (
    <details class="tools">
      <summary>
        {tools.length} {tools.length === 1 ? 'tool' : 'tools'} offered
      </summary>
      <dl>
        {(whole ? tools : tools.slice(0, shownTools)).map(({ name, description, definition }) => (
          <div>
            <dt class="id">
              <bdi>{name}</bdi>
            </dt>
            <dd dir="auto">{whole ? description : shortenedText(description, shownCharacters)}</dd>
            {whole && (
              <dd>
                <pre dir="auto">{JSON.stringify(definition, null, 2)}</pre>
              </dd>
            )}
          </div>
        ))}
      </dl>
    </details>
  )
}
