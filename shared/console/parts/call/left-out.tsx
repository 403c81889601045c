import { callPath } from '../../addresses/paths.ts'

type LeftOutProps = {
  readonly id: string
  /** 0 where nothing was left out. */
  readonly characters: number
}

/** Says how much of a call its page does not show, and how to see it. */
export function LeftOut({ id, characters }: LeftOutProps) {
  if (characters === 0) return null
  return (
    <p class="quiet">
      {characters} characters are left out here. <a href={`${callPath(id)}?whole=1`}>Show everything</a>
    </p>
  )
}
