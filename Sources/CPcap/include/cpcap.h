/* libpcap, loaded when it is used: it brings seven more libraries along, and most commands never capture. */
#pragma once

#include <pcap/pcap.h>

/* Loads libpcap, before any of its functions is called; again it does nothing. Returns NULL, or why
   libpcap cannot be loaded. */
const char *cpcap_load(void);
