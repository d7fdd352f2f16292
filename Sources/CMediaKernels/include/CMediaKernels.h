#ifndef C_MEDIA_KERNELS_H
#define C_MEDIA_KERNELS_H

#endif
