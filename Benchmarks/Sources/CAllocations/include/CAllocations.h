// Counts what a program asks the heap for. A program that links this has its own malloc in front of glibc's.
#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

#include <stdint.h>

/// How often memory was asked for so far, by all threads; 0 where nothing counts (only glibc lets itself be asked).
uint64_t allocation_count(void);

#endif
