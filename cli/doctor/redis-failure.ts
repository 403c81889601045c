import { type RedisAddress, shownHosts } from '../../shared/config/redis-url.ts'
import { type Finding, notOk } from './reach/finding.ts'

/** @param reason why Redis cannot be used, one line */
export function redisFailure(address: RedisAddress, reason: string): Finding {
  const hosts = shownHosts(address)
  const summary = `${hosts} cannot be used: ${reason}`
  switch (address.kind) {
    case 'server':
      return serverFailure(new URL(address.url), summary, reason)
    case 'sentinel':
      return sentinelFailure(address, hosts, summary, reason)
    case 'cluster':
      return lacksPassword(reason)
        ? notOk(summary, `REDIS_URL=${schemeOf(address)}://<user>:<password>@${hosts}`)
        : notOk(summary, `redis-cli ${asOption(address)} cluster nodes`)
  }
}

function serverFailure({ protocol, host }: URL, summary: string, reason: string): Finding {
  if (lacksPassword(reason)) return notOk(summary, `REDIS_URL=${protocol}//<user>:<password>@${host}`)
  if (protocol === 'rediss:' && /SSL|wrong version/i.test(reason)) {
    return notOk(`${host} speaks no TLS`, `REDIS_URL=redis://${host}`)
  }
  // ioredis names the first byte that it cannot read: 21 is an alert of TLS (RFC 8446 §5.1).
  if (protocol === 'redis:' && /closed|ECONNRESET|RESP type 21\b/i.test(reason)) {
    return notOk(`${summary}; it may want TLS`, `REDIS_URL=rediss://${host}`)
  }
  if (/EPIPE|RESP type/.test(reason)) {
    return notOk(
      `${host} does not speak Redis's protocol: it is another kind of server`,
      'REDIS_URL=redis://<host>:<port>',
    )
  }
  return notOk(summary, `redis-cli -u ${protocol}//${host} ping, or REDIS_URL=redis://<host>:<port>`)
}

function sentinelFailure(
  address: RedisAddress & { readonly kind: 'sentinel' },
  hosts: string,
  summary: string,
  reason: string,
): Finding {
  const { name } = address
  if (/no such master|invalid reply/i.test(reason)) {
    return notOk(
      `the Sentinels at ${hosts} know no master called ${name}`,
      `redis-cli ${asOption(address)} sentinel masters`,
    )
  }
  if (!lacksPassword(reason)) {
    return notOk(summary, `redis-cli ${asOption(address)} sentinel get-master-addr-by-name ${name}`)
  }
  const scheme = schemeOf(address)
  return /to sentinel/.test(reason)
    ? notOk(summary, `REDIS_URL=${scheme}://${hosts}/${name}?sentinel_password=<password of the Sentinels>`)
    : notOk(summary, `REDIS_URL=${scheme}://<user>:<password of the servers>@${hosts}/${name}`)
}

const lacksPassword = (reason: string): boolean => /NOAUTH|WRONGPASS/.test(reason)

type ManyHosts = Exclude<RedisAddress, { readonly kind: 'server' }>

const schemeOf = ({ isTls, kind }: ManyHosts): string => `redis${isTls ? 's' : ''}+${kind}`

const asOption = ({ hosts: [first] }: ManyHosts): string => `-h ${first?.host} -p ${first?.port}`
