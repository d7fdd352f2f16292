#ifndef TM_PROCESSORS_H
#define TM_PROCESSORS_H

/// How many processors this process may run on; 0 where the system does not tell. Glibc hides the call from Swift.
int tm_allowed_processors(void);

#endif
