import type { Page } from '../layout/page.ts'

type Login = {
  /** Path of the page to go on to. */
  readonly next: string
  /** Whether the last try was wrong. */
  readonly failed: boolean
}

/** Asks for ADMIN_TOKEN, in a form, so that it is in no URL. */
export function loginPage({ next, failed }: Login): Page {
  const body = (
    <section class="notice">
      <h1>Log in</h1>
      <p>
        The admin port can be reached from other machines, so that its pages need the token that{' '}
        <code>ADMIN_TOKEN</code> has in the settings of threadtap.
      </p>
      <form method="post" action="/login" class="login">
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required />
        <input name="next" type="hidden" value={next} />
        <button type="submit">Log in</button>
        {failed && <p role="alert">That is not the token.</p>}
      </form>
    </section>
  )
  return { title: 'Log in', body }
}
