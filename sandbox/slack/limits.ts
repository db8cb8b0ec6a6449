/**
 * Every number that the fake enforces, in one place. Lengths are UTF-16 units unless said
 * otherwise. Source: facts/slack.md section 1 and the field descriptions of @slack/types 3.2.0.
 */
export const limits = {
  /** A command, click, options request or submission must be acknowledged within this time. */
  ackMs: 3_000,
  triggerMs: 3_000,
  responseUrlUses: 5,
  responseUrlMs: 30 * 60_000,
  /** Delays before the second, third and fourth delivery of an event, after each failed one. */
  eventRetryMs: [1_000, 60_000, 300_000],
  connections: 10,
  /** Messages of one answer of conversations.history and conversations.replies. */
  historyPage: 999,

  postText: 40_000,
  updateText: 4_000,
  /** Undocumented: rendered characters plus about 100 for every block (bolt-js issues 2509, 2867). */
  messageCharacters: 13_200,
  blockOverheadCharacters: 100,
  messageBlocks: 50,
  tablesPerMessage: 1,
  /** Bytes of JSON. Slack documents the error but no number; this one is a guess. */
  metadataBytes: 16_384,

  id: 255,
  text: 3_000,
  sectionFields: 10,
  sectionField: 2_000,
  header: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  placeholder: 150,
  optionText: 75,
  optionValue: 150,
  optionDescription: 75,
  options: 100,
  optionGroups: 100,
  overflowOptions: 5,
  choices: 10,
  altText: 2_000,
  imageTitle: 2_000,
  markdown: 12_000,
  inputLabel: 2_000,
  inputText: 3_000,
  alertText: 200,
  tableRows: 100,
  tableColumns: 20,
  tableCharacters: 10_000,
  dataTableRows: 101,
  dataTablePage: 100,
  dataTableCharacters: 20_000,
  containerTitle: 150,
  containerChildren: 10,
  cardTitle: 150,
  cardBody: 200,
  cardButtons: 3,
  carouselCards: 10,

  viewBlocks: 100,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3_000,
  /** Bytes of JSON. */
  viewBytes: 250_000,
  viewStack: 3,
  viewFiles: 10,
  /** Bytes of one file given to a `file_input`. */
  viewFileBytes: 10 * 1024 * 1024,
  /** Bytes of one snippet. */
  snippetBytes: 1024 * 1024,
} as const;
