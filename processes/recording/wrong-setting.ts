/** The start was refused because of a setting; the message is one sentence for people. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting'
}
