/** A number of calls that failed: a sign beside it where there are any. */
export function Failures({ count }: { readonly count: number }) {
  if (count === 0) return <>0</>
  return (
    <span class="bad">
      <span aria-hidden="true">✗</span> {count}
    </span>
  )
}
