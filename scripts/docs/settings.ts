import type { Setting } from '../../shared/config/settings.ts'
import { code, markdownTable, page } from './markdown.ts'

type Declared = Omit<Setting<unknown>, 'parse'>

/** docs/settings.md: every setting, in the order of declaration. */
export function settingsPage(settings: Readonly<Record<string, Declared>>): string {
  return page(
    'Settings',
    'shared/config/settings.ts',
    'All settings are environment variables. An empty one counts as unset. A process that starts reports every ' +
      'wrong setting at once. The value of a secret is never shown; a secret can also be read from a file, whose ' +
      'path is set in the variable of the same name with the suffix `_FILE`.',
    markdownTable(['Variable', 'Default', 'Meaning'], Object.values(settings).map(row)),
  )
}

function row({ env, aliases = [], fallback, help, secret }: Declared): string[] {
  const names = [env, ...aliases].map(code).join(' or ')
  return [secret ? `${names} (secret)` : names, fallback ? code(fallback) : 'none', help]
}
