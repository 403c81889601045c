/** What stands between two slashes, or the beginning of a word, and the `@` before a host. */
const userinfo = /(\/\/)[^/?#\s]*@|(^|[\s=,"'(])[^\s/?#=,"'(@]+:[^\s/?#,"']*@/g

/** The same where the password holds what must be percent-encoded, so that it is no URL: a colon before anything but a port. */
const brokenUserinfo = /(\/\/)[^/?#\s:@]*:(?!\d{1,5}(?:[/?#\s]|$))\S*@/g

/** Of a URL; what follows its `?`. */
const query = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s?#"']*\?)([^\s#"')]+)/gi

/** Of a path alone. */
const pathQuery = /((?<=^|[\s"'(])\/[^\s?#"']*\?)([^\s#"')]+)/g

/**
 * How every URL is shown to people: user, password and the values of its query are masked.
 * @param text a URL, or anything that may hold some
 */
export function maskCredentials(text: string): string {
  return text
    .replace(
      userinfo,
      (_, slashes: string | undefined, before: string | undefined) => `${slashes ?? before}***@`,
    )
    .replace(brokenUserinfo, '$1***@')
    .replace(query, maskQuery)
}

const maskQuery = (_: string, url: string, parameters: string): string =>
  url + parameters.split('&').map(masked).join('&')

const masked = (parameter: string): string => {
  const at = parameter.indexOf('=')
  return at < 0 ? '***' : `${parameter.slice(0, at)}=***`
}

const authorization = /\b(basic|bearer)\s+[\w.~+/=-]{4,}/gi

/** A Redis that does not know a command repeats it, `AUTH` and its password included. */
const repeatedCommand = /(, with args beginning with:).*/s

/**
 * For texts that servers and libraries wrote: error messages, and bodies of failed responses. They repeat what they were sent.
 * @returns the text without what `maskCredentials` masks, and without values of `Authorization`
 */
export const maskSecrets = (text: string): string =>
  maskCredentials(text)
    .replace(pathQuery, maskQuery)
    .replace(authorization, '$1 ***')
    .replace(repeatedCommand, '$1 ***')
