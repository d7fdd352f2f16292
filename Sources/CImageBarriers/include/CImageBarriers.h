#ifndef C_IMAGE_BARRIERS_H
#define C_IMAGE_BARRIERS_H

#endif
