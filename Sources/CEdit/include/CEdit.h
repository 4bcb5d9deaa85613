// The C that a terminal needs: a narrow, non-variadic face of libedit (Swift cannot call `el_set`, and in
// Swift 6 mode cannot name `stdin`), signals turned into bytes on a pipe, and a shell's child process.
#ifndef CEDIT_H
#define CEDIT_H

#include <stddef.h>
#include <sys/types.h>

typedef struct genac_editor genac_editor;

/// How reading a line ended.
enum genac_read_status {
  GENAC_READ_LINE = 0,
  GENAC_READ_END = 1,          // Ctrl-D on an empty line, or the terminal went away
  GENAC_READ_INTERRUPTED = 2,  // the line was given up (Ctrl-C)
};

/// What the reader does after it was woken.
enum genac_wake_action { GENAC_WAKE_CONTINUE = 0, GENAC_WAKE_INTERRUPT = 1, GENAC_WAKE_LEAVE = 2 };

/// `woken` drains the wake descriptor; it may print above the line being typed.
/// `complete` gets the UTF-8 text before the cursor and returns text to insert (malloc'd; freed here) or NULL.
typedef struct {
  void *context;
  int (*woken)(void *context);
  char *(*complete)(void *context, const char *before);
} genac_editor_callbacks;

genac_editor *genac_editor_open(int wake_descriptor, int bracketed_paste, genac_editor_callbacks callbacks);
void genac_editor_close(genac_editor *editor);

/// The line (malloc'd, UTF-8, without its newline; the caller frees it), or NULL with `status` saying why.
/// Escape sequences in the prompt stand between '\1' bytes; a printable byte must end it.
char *genac_editor_read(genac_editor *editor, const char *prompt, int prompt_columns, int *status);

/// Prints whole lines above the line being typed and draws that line again. Only from the reading thread.
void genac_editor_print(genac_editor *editor, const char *text, size_t count);
void genac_editor_resize(genac_editor *editor);
/// Gives the terminal back in its ordinary state, and takes it again; around a stop or a foreign program.
void genac_editor_suspend(genac_editor *editor);
void genac_editor_resume(genac_editor *editor);
void genac_editor_remember(genac_editor *editor, const char *entry);

/// Opens the null device in place of each of the descriptors 0-2 that is closed. Called before any file is opened.
void genac_hold_standard_descriptors(void);
/// LC_CTYPE from the environment, or C.UTF-8 where that is no UTF-8 (libedit would drop bytes silently).
void genac_use_utf8(void);
/// Terminal columns and rows of a descriptor; 0 when it is no terminal.
int genac_terminal_size(int descriptor, int *columns, int *rows);
/// Columns of a Unicode scalar on a terminal: 0, 1 or 2; -1 for a control character.
int genac_scalar_width(unsigned int scalar);

/// Each listed signal writes its number as one byte to `descriptor`; system calls are not restarted.
int genac_watch_signals(int descriptor, const int *signals, int count);
/// Stops this process as Ctrl-Z does, and returns when it was continued.
void genac_stop_process(void);
/// `/bin/sh -c command`, its standard input and output as given (-1: inherited). The process id, or -1 with errno.
pid_t genac_spawn_shell(const char *command, int input, int output);
/// A pipe that children do not inherit: its reading and its writing end. 0, or -1 with errno.
int genac_pipe(int *reading, int *writing, int nonblocking);

#endif
