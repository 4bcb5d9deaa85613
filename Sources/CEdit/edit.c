#include "CEdit.h"

#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

static const char PASTE_ON[] = "\033[?2004h";
static const char PASTE_OFF[] = "\033[?2004l";

struct genac_editor {
  EditLine *line;
  History *history;
  HistEvent event;
  genac_editor_callbacks callbacks;
  int wake_descriptor;
  int bracketed_paste;
  int dumb;
  int reading;
  int status;
  char *prompt;
  int prompt_columns;
};

static void put(const char *text, size_t count) {
  fflush(stdout);
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, text, count);
    if (written < 0) {
      if (errno == EINTR || errno == EAGAIN) continue;
      return;
    }
    text += written;
    count -= (size_t)written;
  }
}

static void put_string(const char *text) { put(text, strlen(text)); }

static genac_editor *editor_of(EditLine *line) {
  genac_editor *editor = NULL;
  el_get(line, EL_CLIENTDATA, &editor);
  return editor;
}

static char *prompt_of(EditLine *line) { return editor_of(line)->prompt; }

/// One byte from the terminal: 1, 0 at its end, -1 when the line is given up. Only this function waits.
static int next_byte(genac_editor *editor, unsigned char *byte) {
  for (;;) {
    struct pollfd waiting[2] = {{STDIN_FILENO, POLLIN, 0}, {editor->wake_descriptor, POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    if (waiting[1].revents & POLLIN) {
      int action = editor->callbacks.woken(editor->callbacks.context);
      if (action == GENAC_WAKE_INTERRUPT) {
        editor->status = GENAC_READ_INTERRUPTED;
        errno = EINTR;
        return -1;
      }
      if (action == GENAC_WAKE_LEAVE) {
        editor->status = GENAC_READ_END;
        return 0;
      }
      continue;
    }
    if (waiting[0].revents == 0) continue;
    ssize_t count = read(STDIN_FILENO, byte, 1);
    if (count == 1) return 1;
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    editor->status = GENAC_READ_END;
    return 0;
  }
}

/// libedit's character getter: whole characters of the locale, bytes that are none skipped.
static int next_character(EditLine *line, wchar_t *character) {
  genac_editor *editor = editor_of(line);
  mbstate_t state;
  memset(&state, 0, sizeof state);
  for (;;) {
    unsigned char byte;
    int got = next_byte(editor, &byte);
    if (got != 1) return got;
    size_t used = mbrtowc(character, (char *)&byte, 1, &state);
    if (used == 0) *character = L'\0';
    if (used <= 1) return 1;
    if (used == (size_t)-1) memset(&state, 0, sizeof state);
  }
}

static char *narrow(const wchar_t *text, size_t count) {
  char *result = malloc(count * MB_CUR_MAX + 1);
  if (result == NULL) return NULL;
  mbstate_t state;
  memset(&state, 0, sizeof state);
  size_t length = 0;
  for (size_t i = 0; i < count; i++) {
    size_t used = wcrtomb(result + length, text[i], &state);
    if (used != (size_t)-1) length += used;
  }
  result[length] = '\0';
  return result;
}

static wchar_t *widen(const char *text) {
  size_t limit = strlen(text) + 1;
  wchar_t *result = calloc(limit, sizeof *result);
  if (result == NULL) return NULL;
  if (mbstowcs(result, text, limit) == (size_t)-1) result[0] = L'\0';
  return result;
}

static void insert(EditLine *line, const wchar_t *text) {
  if (text[0] != L'\0') el_winsertstr(line, text);
}

static unsigned char complete(EditLine *line, int key) {
  (void)key;
  genac_editor *editor = editor_of(line);
  const LineInfoW *info = el_wline(line);
  char *before = narrow(info->buffer, (size_t)(info->cursor - info->buffer));
  if (before == NULL) return CC_ERROR;
  char *addition = editor->callbacks.complete(editor->callbacks.context, before);
  free(before);
  if (addition == NULL) return CC_REFRESH;
  wchar_t *wide = widen(addition);
  free(addition);
  if (wide != NULL) {
    insert(line, wide);
    free(wide);
  }
  return CC_REFRESH;
}

/// A paste becomes one entry: line ends stay inside it, and nothing runs before Return is typed.
static unsigned char paste(EditLine *line, int key) {
  (void)key;
  static const wchar_t closing[] = L"\033[201~";
  const size_t tail = 6;
  size_t count = 0, capacity = 256;
  wchar_t *text = malloc(capacity * sizeof *text);
  if (text == NULL) return CC_ERROR;
  for (;;) {
    wchar_t character;
    if (el_wgetc(line, &character) != 1) break;
    if (character == L'\r') character = L'\n';
    if (count + 2 > capacity) {
      wchar_t *larger = realloc(text, 2 * capacity * sizeof *text);
      if (larger == NULL) break;
      text = larger;
      capacity *= 2;
    }
    text[count++] = character;
    if (count >= tail && wmemcmp(text + count - tail, closing, tail) == 0) {
      count -= tail;
      break;
    }
  }
  while (count > 0 && text[count - 1] == L'\n') count--;
  text[count] = L'\0';
  insert(line, text);
  free(text);
  return CC_REFRESH;
}

/// Rows between the prompt's first row and the cursor, as the terminal wrapped them.
static int rows_above_cursor(genac_editor *editor) {
  int columns = 80, rows = 24, row = 0;
  genac_terminal_size(STDOUT_FILENO, &columns, &rows);
  int column = editor->prompt_columns % columns;
  row = editor->prompt_columns / columns;
  const LineInfoW *info = el_wline(editor->line);
  for (const wchar_t *at = info->buffer; at < info->cursor; at++) {
    if (*at == L'\n') {
      row++;
      column = 0;
      continue;
    }
    int width = *at == L'\t' ? 8 - column % 8 : wcwidth(*at);
    if (width < 0) width = 2;
    if (column + width > columns) {
      row++;
      column = 0;
    }
    column += width;
    if (column == columns) {
      row++;
      column = 0;
    }
  }
  return row;
}

static void erase_rows(genac_editor *editor) {
  if (editor->dumb) {
    put_string("\r\n");
    return;
  }
  int rows = rows_above_cursor(editor);
  char up[32];
  if (rows > 0) {
    snprintf(up, sizeof up, "\033[%dA", rows);
    put_string(up);
  }
  put_string("\r\033[J");
}

void genac_editor_print(genac_editor *editor, const char *text, size_t count) {
  if (count == 0) return;
  if (!editor->reading) {
    put(text, count);
    return;
  }
  erase_rows(editor);
  size_t start = 0;
  for (size_t i = 0; i < count; i++) {
    if (text[i] != '\n') continue;
    put(text + start, i - start);
    put("\r\n", 2);
    start = i + 1;
  }
  if (start < count) {
    put(text + start, count - start);
    put("\r\n", 2);
  }
  el_set(editor->line, EL_REFRESH);
  fflush(stdout);
}

void genac_editor_resize(genac_editor *editor) { el_resize(editor->line); }

void genac_editor_suspend(genac_editor *editor) {
  if (!editor->reading) return;
  if (editor->bracketed_paste) put_string(PASTE_OFF);
  put_string("\r\n");
  el_set(editor->line, EL_PREP_TERM, 0);
}

void genac_editor_resume(genac_editor *editor) {
  if (!editor->reading) return;
  el_set(editor->line, EL_PREP_TERM, 0);
  el_set(editor->line, EL_PREP_TERM, 1);
  if (editor->bracketed_paste) put_string(PASTE_ON);
  el_resize(editor->line);
  el_set(editor->line, EL_REFRESH);
  fflush(stdout);
}

void genac_editor_remember(genac_editor *editor, const char *entry) {
  history(editor->history, &editor->event, H_ENTER, entry);
}

static void bind_keys(EditLine *line, int bracketed_paste) {
  el_set(line, EL_ADDFN, "genac-complete", "complete the word before the cursor", complete);
  el_set(line, EL_BIND, "\t", "genac-complete", NULL);
  el_set(line, EL_BIND, "^R", "em-inc-search-prev", NULL);
  el_set(line, EL_BIND, "\033[3~", "ed-delete-next-char", NULL);
  if (bracketed_paste) {
    el_set(line, EL_ADDFN, "genac-paste", "take a paste as one entry", paste);
    el_set(line, EL_BIND, "\033[200~", "genac-paste", NULL);
  }
}

genac_editor *genac_editor_open(int wake_descriptor, int bracketed_paste, genac_editor_callbacks callbacks) {
  genac_editor *editor = calloc(1, sizeof *editor);
  if (editor == NULL) return NULL;
  const char *terminal = getenv("TERM");
  editor->dumb = terminal == NULL || strcmp(terminal, "") == 0 || strcmp(terminal, "dumb") == 0;
  editor->bracketed_paste = bracketed_paste && !editor->dumb;
  editor->wake_descriptor = wake_descriptor;
  editor->callbacks = callbacks;
  editor->line = el_init("genac", stdin, stdout, stderr);
  editor->history = history_init();
  if (editor->line == NULL || editor->history == NULL) {
    genac_editor_close(editor);
    return NULL;
  }
  history(editor->history, &editor->event, H_SETSIZE, 10000);
  history(editor->history, &editor->event, H_SETUNIQUE, 1);
  el_set(editor->line, EL_CLIENTDATA, editor);
  el_set(editor->line, EL_SIGNAL, 0);
  el_set(editor->line, EL_EDITOR, "emacs");
  el_set(editor->line, EL_PROMPT_ESC, prompt_of, '\1');
  el_set(editor->line, EL_HIST, history, editor->history);
  el_set(editor->line, EL_GETCFN, next_character);
  el_source(editor->line, NULL);
  bind_keys(editor->line, editor->bracketed_paste);
  return editor;
}

void genac_editor_close(genac_editor *editor) {
  if (editor == NULL) return;
  if (editor->line != NULL) {
    el_set(editor->line, EL_EDITMODE, 0);
    el_end(editor->line);
  }
  if (editor->history != NULL) history_end(editor->history);
  free(editor->prompt);
  free(editor);
}

char *genac_editor_read(genac_editor *editor, const char *prompt, int prompt_columns, int *status) {
  free(editor->prompt);
  editor->prompt = strdup(prompt);
  editor->prompt_columns = prompt_columns;
  editor->status = GENAC_READ_LINE;
  editor->reading = 1;
  if (editor->bracketed_paste) put_string(PASTE_ON);
  // libedit shows the prompt before it stops the terminal's own echo: what is typed in between would stand there twice.
  el_set(editor->line, EL_PREP_TERM, 1);
  int count = 0;
  const wchar_t *wide = el_wgets(editor->line, &count);
  editor->reading = 0;
  if (editor->bracketed_paste) put_string(PASTE_OFF);
  char *result = NULL;
  if (editor->status == GENAC_READ_LINE && wide != NULL && count > 0) {
    size_t length = (size_t)count;
    if (wide[length - 1] == L'\n') length--;
    result = narrow(wide, length);
  } else if (editor->status == GENAC_READ_LINE) {
    editor->status = GENAC_READ_END;
  }
  fflush(stdout);
  *status = editor->status;
  return result;
}
