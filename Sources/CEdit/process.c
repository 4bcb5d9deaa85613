#include "CEdit.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

extern char **environ;

// A closed standard descriptor would be given to the next file that is opened, and what is printed would be written
// into it. The output's stand-ins are opened for reading, so that writing to them fails as it would have failed before.
void genac_hold_standard_descriptors(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one: those below it are open.
    if (open("/dev/null", O_RDONLY) != descriptor) _exit(71);
  }
}

void genac_use_utf8(void) {
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

int genac_terminal_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 0;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 1;
}

int genac_scalar_width(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

static volatile sig_atomic_t signal_descriptor = -1;

static void forward_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t ignored = write(signal_descriptor, &byte, 1);
  (void)ignored;
  errno = saved;
}

int genac_watch_signals(int descriptor, const int *signals, int count) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = forward_signal;
  sigemptyset(&action.sa_mask);
  signal_descriptor = descriptor;
  sigset_t watched;
  sigemptyset(&watched);
  for (int i = 0; i < count; i++) {
    if (sigaction(signals[i], &action, NULL) != 0) return -1;
    sigaddset(&watched, signals[i]);
  }
  // A parent's worker thread may have started us with signals blocked.
  return pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
}

void genac_stop_process(void) {
  struct sigaction ordinary, before;
  memset(&ordinary, 0, sizeof ordinary);
  ordinary.sa_handler = SIG_DFL;
  sigemptyset(&ordinary.sa_mask);
  sigaction(SIGTSTP, &ordinary, &before);
  kill(getpid(), SIGTSTP);
  sigaction(SIGTSTP, &before, NULL);
}

pid_t genac_spawn_shell(const char *command, int input, int output) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t defaults;
  pid_t process = -1;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  if (input >= 0) posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  if (output >= 0) posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  sigaddset(&defaults, SIGINT);
  sigaddset(&defaults, SIGTSTP);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  char *const arguments[] = {"sh", "-c", (char *)command, NULL};
  int failure = posix_spawn(&process, "/bin/sh", &files, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  return process;
}

int genac_pipe(int *reading, int *writing, int nonblocking) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0)) != 0) return -1;
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}
