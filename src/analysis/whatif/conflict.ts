/** Why an image or a name of it stays, in docker's words. */
export class Conflict extends Error {}
