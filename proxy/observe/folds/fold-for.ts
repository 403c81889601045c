import type { Operation } from '../../../shared/record/record.ts'
import type { ByteAllowance } from '../capture/byte-allowance.ts'
import type { AnswerMedia } from './answer-media.ts'
import { audioFold } from './audio.ts'
import { choicesFold } from './choices.ts'
import { documentFold } from './document.ts'
import { embeddingsFold } from './embeddings.ts'
import type { Fold } from './fold.ts'
import { imagesFold } from './images.ts'
import { messagesFold } from './messages.ts'
import { moderationFold } from './moderation.ts'
import { rerankFold } from './rerank.ts'
import { responsesFold } from './responses.ts'

/**
 * @param media where the bytes of media go that are kept
 * @returns a new fold for the operation's dialect, with an allowance for all that it keeps
 */
export function foldFor(operation: Operation, allowance: ByteAllowance, media?: AnswerMedia): Fold {
  switch (operation) {
    case 'chat':
    case 'text_completion':
      return choicesFold(allowance, media)
    case 'responses':
      return responsesFold(allowance, media)
    case 'messages':
      return messagesFold(allowance)
    case 'embeddings':
      return embeddingsFold()
    case 'rerank':
      return rerankFold()
    case 'image':
      return imagesFold(media)
    case 'audio':
      return audioFold(allowance, media)
    case 'moderation':
      return moderationFold()
    case 'video':
    case 'relay':
      return documentFold(allowance)
  }
}
