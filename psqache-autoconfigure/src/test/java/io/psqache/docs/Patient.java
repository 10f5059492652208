package io.psqache.docs;

record Patient(String name, String diagnosis) {

}
