package io.psqache.docs;

import java.math.BigDecimal;

record Price(BigDecimal amount) {

}
