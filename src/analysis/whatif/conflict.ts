/** Why an image or a name of it stays, in docker's words. */
export class Conflict extends Error {}

/** There is no such object: an error with which docker ends in success where `-f` was given. */
export class NotThere extends Conflict {}
