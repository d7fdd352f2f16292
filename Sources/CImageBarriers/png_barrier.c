#include "CImageBarriers.h"
