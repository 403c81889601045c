/** What stands between two slashes, or the beginning of a word, and the `@` before a host. */
const userinfo = /(\/\/)[^/?#\s]*@|(^|[\s=,"'(])[^\s/?#=,"'(@]+:[^\s/?#,"']*@/g

/** Of a URL; what follows its `?`. */
const query = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s?#"']*\?)([^\s#"')]+)/gi

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
    .replace(query, (_, url: string, parameters: string) => url + parameters.split('&').map(masked).join('&'))
}

const masked = (parameter: string): string => {
  const at = parameter.indexOf('=')
  return at < 0 ? '***' : `${parameter.slice(0, at)}=***`
}
